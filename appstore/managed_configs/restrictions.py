"""Whether values fit what an app declares that it can be told. Pure.

An app declares its keys in res/xml/…: `[{key, type, title, description, default, choices, nested}]`
(Android developer documentation, "Set up managed configurations"; `RestrictionEntry`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from muster.kernel.errors import Fault

MOST_BYTES: Final = 64 * 1024
MOST_ITEMS: Final = 200
_MOST_FAULTS: Final = 50
_UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")
_INT32: Final = range(-(2**31), 2**31)

Declared = Sequence[Mapping[str, Any]]


def faults(declared: Declared, values: Mapping[str, Any], at: str = "") -> list[Fault]:
    """Return what is wrong with values, each fault with its JSON pointer below `at`; [] if they fit."""
    size = len(json.dumps(values, ensure_ascii=False).encode(errors="surrogatepass"))
    if size > MOST_BYTES:
        return [Fault(at, f"At most {MOST_BYTES} bytes as JSON; these are {size}.")]
    found = _object(declared, values, at)
    return [fault for fault, _ in zip(found, range(_MOST_FAULTS), strict=False)]


def unfit(declared: Declared, values: Mapping[str, Any]) -> list[str]:
    """Return the keys whose values do not fit, in their order: what a terminal is not given."""
    return sorted(
        key for key, value in values.items() if next(_object(declared, {key: value}, ""), None)
    )


def pointer(at: str, key: str | int) -> str:
    """Return the JSON pointer of a member (RFC 6901)."""
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"


def members_of(entry: Mapping[str, Any]) -> Declared:
    """Return the keys of a bundle, or of each item of an array of bundles."""
    nested: Declared = entry.get("nested") or ()
    if entry["type"] == "bundle_array" and len(nested) == 1 and nested[0]["type"] == "bundle":
        return nested[0].get("nested") or ()
    return nested


def _object(declared: Declared, values: Mapping[str, Any], at: str) -> Iterator[Fault]:
    entries = {entry["key"]: entry for entry in declared}
    for key, value in values.items():
        place = pointer(at, key)
        if key not in entries:
            yield Fault(place, "The app declares no such key.")
        else:
            yield from _TYPES.get(entries[key]["type"], _unknown)(entries[key], value, place)


def _bool(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(at, "Must be true or false.")


def _integer(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _INT32:
        yield Fault(at, "Must be a whole number of 32 bits.")


def _string(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    if not isinstance(value, str) or _UNSTORABLE.search(value):
        yield Fault(at, "Must be text without NUL characters and lone surrogates.")


def _choice(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    if value not in [choice["value"] for choice in entry.get("choices") or ()]:
        yield Fault(at, "Must be one of the values the app offers.")


def _several(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        yield Fault(at, f"Must be a list of at most {MOST_ITEMS} values.")
        return
    for number, one in enumerate(value):
        yield from _choice(entry, one, pointer(at, number))
        if one in value[:number]:
            yield Fault(pointer(at, number), "Must not be said twice.")


def _bundle(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        yield from _object(members_of(entry), value, at)
    else:
        yield Fault(at, "Must be an object.")


def _bundles(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        yield Fault(at, f"Must be a list of at most {MOST_ITEMS} objects.")
        return
    for number, one in enumerate(value):
        yield from _bundle(entry, one, pointer(at, number))


def _unknown(entry: Mapping[str, Any], value: Any, at: str) -> Iterator[Fault]:
    yield Fault(at, "The app declares this key with a type that nobody knows.")


_TYPES: Final[Mapping[str, Callable[[Mapping[str, Any], Any, str], Iterator[Fault]]]] = {
    "bool": _bool,
    "integer": _integer,
    "string": _string,
    "hidden": _string,
    "choice": _choice,
    "multi-select": _several,
    "bundle": _bundle,
    "bundle_array": _bundles,
}
