"""PATCH of SCIM (RFC 7644 §3.5.2) on a resource as a document: add, replace, remove on known paths.

Pure: the patched document is then read and brought like one that was put.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from muster.kernel.identity.directory.scim_wire import (
    ENTERPRISE,
    OFFICER,
    PATCH,
    ScimFault,
    canonical,
    spelled,
)

_CHANGEABLE: Final = {
    (): {"active", "displayName", "name", "externalId", "userName"},
    ("name",): {"formatted", "familyName", "givenName"},
    (ENTERPRISE,): {"department", "employeeNumber", "organization"},
    (OFFICER,): {"sworn", "rank", "roles", "certifications", "dutyUntil"},
}
_IMMUTABLE: Final = {"id", "meta", "schemas"}
_PATH: Final = re.compile(
    r"""(?:(?P<urn>urn:[^"\[\]]+):)? (?P<name>[A-Za-z]\w*)
        (?:\[\s*value\s+eq\s+"(?P<value>[^"]*)"\s*\])? (?:\.(?P<sub>[A-Za-z]\w*))?""",
    re.VERBOSE | re.IGNORECASE,
)
Document = dict[str, Any]


def patched(resource: Mapping[str, Any], body: Any) -> Document:
    """Return the resource after all operations, or raise `ScimFault`; none is applied halfway."""
    if not isinstance(body, Mapping) or PATCH not in body.get("schemas", []):
        raise ScimFault(f"A PATCH body has the schema {PATCH}.", "invalidSyntax")
    operations = {key.lower(): value for key, value in body.items()}.get("operations")
    if not isinstance(operations, list) or not 1 <= len(operations) <= 100:
        raise ScimFault("Operations lists 1 to 100 operations.", "invalidSyntax")
    document = deepcopy(dict(resource))
    for operation in operations:
        if not isinstance(operation, Mapping):
            raise ScimFault("An operation is an object.", "invalidSyntax")
        _apply(document, {str(key).lower(): value for key, value in operation.items()})
    return document


def _apply(document: Document, operation: Mapping[str, Any]) -> None:
    kind, path = str(operation.get("op", "")).lower(), operation.get("path")
    value = canonical(operation.get("value"))
    if kind not in ("add", "replace", "remove"):
        raise ScimFault("op is add, replace or remove.", "invalidSyntax")
    if path is None:
        _whole(document, kind, value)
        return
    holder, name, chosen = _find(document, str(path))
    if kind == "remove":
        _remove(holder, name, chosen)
    elif chosen is not None:
        raise ScimFault("Only remove takes a filter here.", "invalidPath")
    elif kind == "add" and isinstance(holder.get(name), list):
        added = value if isinstance(value, list) else [value]
        holder[name] = [*holder[name], *(item for item in added if item not in holder[name])]
    else:
        holder[name] = value


def _whole(document: Document, kind: str, value: Any) -> None:
    """Without a path the value is a partial resource (§3.5.2.1, §3.5.2.3)."""
    if kind == "remove":
        raise ScimFault("remove needs a path.", "noTarget")
    if not isinstance(value, Mapping):
        raise ScimFault("Without a path the value is an object.", "invalidValue")
    for name, member in value.items():
        if name in (ENTERPRISE, OFFICER) and isinstance(member, Mapping):
            for inner, content in member.items():
                _apply(document, {"op": kind, "path": f"{name}:{inner}", "value": content})
        elif name != "schemas":
            _apply(document, {"op": kind, "path": name, "value": member})


def _find(document: Document, path: str) -> tuple[Document, str, str | None]:
    found = _PATH.fullmatch(path.strip())
    if found is None:
        raise ScimFault(f"The path {path!r} is not understood.", "invalidPath")
    urn, name = spelled(found["urn"] or ""), spelled(found["name"])
    trail: tuple[str, ...] = (urn,) if urn in (ENTERPRISE, OFFICER) else ()
    if found["sub"] and not trail:
        trail, name = (name,), spelled(found["sub"])
    elif found["sub"]:
        raise ScimFault(f"The path {path!r} goes too deep.", "invalidPath")
    if name in _IMMUTABLE and not trail:
        raise ScimFault(f"{name} is never changed.", "mutability")
    if name not in _CHANGEABLE.get(trail, ()):
        raise ScimFault(f"There is nothing to change at {path!r}.", "invalidPath")
    holder = document
    for step in trail:
        inner = holder.get(step)
        holder[step] = inner if isinstance(inner, dict) else {}
        holder = holder[step]
    return holder, name, found["value"]


def _remove(holder: Document, name: str, chosen: str | None) -> None:
    if chosen is None:
        if name in ("userName", "active", "displayName", "department"):
            raise ScimFault(f"{name} is required.", "mutability")
        empty = isinstance(holder.get(name), list)
        if empty:
            holder[name] = []
        elif name == "dutyUntil":
            holder[name] = None
        else:
            holder.pop(name, None)
        return
    items = holder.get(name)
    if not isinstance(items, list):
        raise ScimFault(f"{name} has no values to choose from.", "invalidPath")
    left = [item for item in items if item.get("value") != chosen]
    if len(left) == len(items):
        raise ScimFault(f"{name} has no value {chosen!r}.", "noTarget")
    holder[name] = left
