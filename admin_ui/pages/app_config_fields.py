"""The fields of a form that an app's own declaration makes, and the values read back from it."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from flask import request
from flask_babel import gettext as _

from admin_ui import forms
from muster.kernel.errors import Fault, InvalidInput

_LONGEST: Final = 64 * 1024
_KINDS: Final = {
    "bool": "choice",
    "choice": "choice",
    "multi-select": "several",
    "integer": "number",
    "bundle": "json",
    "bundle_array": "json",
}

Declared = Sequence[Mapping[str, Any]]


def fields(
    declared: Declared, values: Mapping[str, Any], secrets: Collection[str]
) -> list[dict[str, Any]]:
    """Return the view model `fields`: one for each key, `value` as its control holds it."""
    return [
        {
            "name": f"v{number}",
            "secret_name": f"s{number}",
            "key": entry["key"],
            "kind": _KINDS.get(entry["type"], "text"),
            "label": entry["title"] or entry["key"],
            "description": entry["description"],
            "default": "" if entry["default"] is None else shown(entry["default"]),
            "options": _options(entry),
            "value": _control(entry, values.get(entry["key"])),
            "secret": entry["key"] in secrets,
        }
        for number, entry in enumerate(declared)
    ]


def posted(declared: Declared) -> tuple[dict[str, Any], list[str]]:
    """Return the values that were filled in, and the keys marked as secret; a fault at its field."""
    values: dict[str, Any] = {}
    for number, entry in enumerate(declared):
        given = _read(entry, f"v{number}")
        if given is not None:
            values[entry["key"]] = given
    secrets = [
        entry["key"]
        for number, entry in enumerate(declared)
        if f"s{number}" in request.form and entry["key"] in values
    ]
    return values, secrets


def at_fields(error: InvalidInput, declared: Declared) -> InvalidInput:
    """Return the same refusal with its faults at the form's own fields."""
    numbers = {
        entry["key"].replace("~", "~0").replace("/", "~1"): number
        for number, entry in enumerate(declared)
    }
    found = []
    for fault in error.errors:
        key, _slash, below = fault.pointer.removeprefix("/values/").partition("/")
        place = f"/v{numbers[key]}" if key in numbers else fault.pointer
        found.append(Fault(place, f"{below}: {fault.detail}" if below else fault.detail))
    return type(error)(errors=found)


def shown(value: Any) -> str:
    """Return one value as a table shows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _options(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    if entry["type"] == "bool":
        return [{"value": "true", "label": _("yes")}, {"value": "false", "label": _("no")}]
    return [
        {"value": one["value"], "label": one["label"] or one["value"]} for one in entry["choices"]
    ]


def _control(entry: Mapping[str, Any], value: Any) -> Any:
    if entry["type"] == "multi-select":
        return value or []
    if value is None:
        return ""
    if entry["type"] == "bool":
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _read(entry: Mapping[str, Any], name: str) -> Any:
    """Return what a field holds, None where nothing is decided."""
    if entry["type"] == "multi-select":
        return request.form.getlist(name) or None
    given = forms.text(name, most=_LONGEST)
    if not given:
        return None
    if entry["type"] == "bool":
        return given == "true"
    try:
        if entry["type"] == "integer":
            return int(given[:20])
        if entry["type"] in ("bundle", "bundle_array"):
            return json.loads(given)
    except (ValueError, RecursionError) as error:
        raise forms.fault(name, _("This cannot be read: %(why)s", why=str(error)[:200])) from error
    return given
