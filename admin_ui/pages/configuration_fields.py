"""The fields of a configuration document's form, made from the typed keys, and read back."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import request
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from admin_ui import forms, words
from admin_ui.pages.configuration_words import GROUPS, HELP
from mdm.configuration import ConfigurationDocument, DocumentInvalid, checked, leaves
from muster.kernel.errors import Fault

_OWN_GROUP: Final = {"wifi": "wifi", "certificates": "certificates"}
_LONGEST: Final = 1_000_000


def groups(document: Mapping[str, Any], inherited: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return `[{id, title, open, fields: […]}]`: what this layer sets, and what holds without it."""
    drawn: dict[str, list[dict[str, Any]]] = {}
    own, below = leaves(document), leaves(inherited)
    for key, field in _keys(ConfigurationDocument()):
        first = key.partition(".")[0]
        group = first if "." in key else _OWN_GROUP.get(key, "general")
        drawn.setdefault(group, []).append(_drawn(key, field, own.get(key), below.get(key)))
    return [
        {
            "id": name,
            "title": words.of(GROUPS, name),
            "open": any(field["value"] != "" for field in lines),
            "fields": lines,
        }
        for name, lines in sorted(drawn.items(), key=lambda item: list(GROUPS).index(item[0]))
    ]


def posted() -> dict[str, Any]:
    """Return the document that the form's fields make; a fault stands at its own field."""
    document: dict[str, Any] = {}
    for key, field in _keys(ConfigurationDocument()):
        given = forms.text(key, most=_LONGEST)
        if given:
            *path, last = key.split(".")
            place = document
            for part in path:
                place = place.setdefault(part, {})
            place[last] = _value(key, field, given)
    try:
        return checked(document)
    except DocumentInvalid as error:
        raise DocumentInvalid(errors=[_at_field(fault) for fault in error.errors]) from error


def pasted() -> dict[str, Any]:
    """Return the document that was written as JSON."""
    try:
        document = json.loads(forms.text("document", most=_LONGEST, least=2))
    except ValueError as error:
        raise forms.fault("document", _("This is not JSON: %(why)s", why=str(error))) from error
    try:
        return checked(document)
    except DocumentInvalid as error:
        told = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.errors)
        raise forms.fault("document", told) from error


def as_text(document: Mapping[str, Any]) -> str:
    """Return a document as people read it."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)


def shown(value: Any) -> str:
    """Return one value as a table shows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _keys(schema: Schema, path: str = "") -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, field in schema.fields.items():
        if isinstance(field, fields.Nested):
            yield from _keys(field.schema, f"{path}{name}.")
        else:
            yield path + name, field


def _drawn(key: str, field: fields.Field[Any], value: Any, below: Any) -> dict[str, Any]:
    kind, options = _kind(field)
    bounds = next((one for one in field.validators if isinstance(one, validate.Range)), None)
    return {
        "key": key,
        "kind": kind,
        "label": words.of(HELP, str(field.metadata["description"])),
        "value": "" if value is None else _written(kind, value),
        "inherited": "" if below is None else shown(below),
        "options": options,
        "least": bounds.min if bounds else "",
        "most": bounds.max if bounds else "",
    }


def _kind(field: fields.Field[Any]) -> tuple[str, list[dict[str, str]]]:
    if isinstance(field, fields.Boolean):
        return "choice", [
            {"value": "true", "label": _("yes")},
            {"value": "false", "label": _("no")},
        ]
    if isinstance(field, fields.Integer):
        return "number", []
    if isinstance(field, fields.List):
        return ("lines" if isinstance(field.inner, fields.String) else "json"), []
    choices = next((one for one in field.validators if isinstance(one, validate.OneOf)), None)
    if choices:
        return "choice", [{"value": str(one), "label": str(one)} for one in choices.choices]
    return "text", []


def _written(kind: str, value: Any) -> str:
    if kind == "lines":
        return "\n".join(value)
    if kind == "json":
        return as_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(key: str, field: fields.Field[Any], given: str) -> Any:
    kind, _options = _kind(field)
    if kind == "lines":
        return given.split()
    if isinstance(field, fields.String):
        return given
    try:
        return json.loads(given)
    except ValueError as error:
        raise forms.fault(key, _("This is not JSON: %(why)s", why=str(error))) from error


def _at_field(fault: Fault) -> Fault:
    """Turn `/apps/blocked/0` into the field `apps.blocked`."""
    path = fault.pointer.strip("/").split("/")
    for length in range(len(path), 0, -1):
        key = ".".join(path[:length])
        if key in request.form:
            return Fault(f"/{key}", " ".join([*path[length:], fault.detail]))
    return fault
