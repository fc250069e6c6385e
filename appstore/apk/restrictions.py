"""The settings an app lets its administrator make: its managed configurations ("restrictions").

Format: Android developer guide, "Set up managed configurations"; types as in attrs.xml of the
platform, `restrictionType`.
"""

from typing import Any

from .axml import Element
from .errors import ApkError
from .lookup import Lookup
from .values import Value

TITLE, KEY, DESCRIPTION = 0x010101E1, 0x010101E8, 0x01010020
DEFAULT, TYPE = 0x010101ED, 0x01010493
ENTRIES, ENTRY_VALUES = 0x010100B2, 0x010101F8

_TYPES = {
    0: "hidden",
    1: "bool",
    2: "choice",
    4: "multi-select",
    5: "integer",
    6: "string",
    7: "bundle",
    8: "bundle_array",
}
_MAX_RESTRICTIONS = 500
_MAX_DEPTH = 5
_MAX_CHOICES = 200
_MAX_TEXT = 500
_MAX_DESCRIPTION = 2000


def read_restrictions(root: Element, lookup: Lookup) -> tuple[dict[str, Any], ...]:
    """What the root element `restrictions` declares, ready for JSON.

    Each is `{key, type, title, description, default, choices: [{value, label}], nested: […]}`.
    """
    if root.name != "restrictions":
        raise _invalid("The root element is not <restrictions>.")
    if _count(root) > _MAX_RESTRICTIONS:
        raise _invalid(f"There are more than {_MAX_RESTRICTIONS}.")
    return tuple(_children(root, lookup, 1))


def _count(element: Element) -> int:
    return sum(1 + _count(child) for child in element.children)


def _children(element: Element, lookup: Lookup, depth: int) -> list[dict[str, Any]]:
    found = [_restriction(child, lookup, depth) for child in element.named("restriction")]
    if len({each["key"] for each in found}) != len(found):
        raise _invalid("Two of the same level have the same android:key.")
    return found


def _restriction(element: Element, lookup: Lookup, depth: int) -> dict[str, Any]:
    key = lookup.text(element, KEY)
    number = lookup.number(element, TYPE, default=-1)
    if not key or number not in _TYPES:
        raise _invalid("Each needs an android:key and a known android:restrictionType.")
    if depth > _MAX_DEPTH:
        raise _invalid(f"They are nested more than {_MAX_DEPTH} deep.")
    kind = _TYPES[number]
    bundle = kind in {"bundle", "bundle_array"}
    return {
        "key": key,
        "type": kind,
        "title": lookup.text(element, TITLE),
        "description": lookup.text(element, DESCRIPTION, longest=_MAX_DESCRIPTION),
        "default": None if bundle else _default(element, kind, lookup),
        "choices": _choices(element, kind, lookup),
        "nested": _children(element, lookup, depth + 1) if bundle else [],
    }


def _choices(element: Element, kind: str, lookup: Lookup) -> list[dict[str, str]]:
    if kind not in {"choice", "multi-select"}:
        return []
    values = [_written(value) for value in lookup.array(element, ENTRY_VALUES)]
    labels = [_written(value) for value in lookup.array(element, ENTRIES)]
    if not values or len(values) > _MAX_CHOICES or len(set(values)) != len(values):
        raise _invalid(f"A choice needs 1 to {_MAX_CHOICES} different android:entryValues.")
    if len(labels) != len(values):
        labels = values
    return [{"value": value, "label": label} for value, label in zip(values, labels, strict=True)]


def _default(element: Element, kind: str, lookup: Lookup) -> Any:
    """The value of the app itself, in the restriction's own type; None where it names none."""
    if kind == "multi-select":
        return [_written(value) for value in lookup.array(element, DEFAULT)][:_MAX_CHOICES]
    value = lookup.value(element, DEFAULT)
    if value is None:
        return None
    if kind == "bool":
        return value.truth
    if kind == "integer":
        return value.signed
    return _written(value)


def _written(value: Value) -> str:
    """A value as text: Android's own tools turn "5" and "true" into a number and a boolean."""
    if value.text is not None:
        return value.text[:_MAX_TEXT]
    if value.integer is not None:
        return str(value.signed)
    return "" if value.truth is None else str(value.truth).lower()


def _invalid(detail: str) -> ApkError:
    return ApkError("restrictions_invalid", f"The app's restrictions cannot be read: {detail}")
