"""A rule, and a terminal's traits, as people write them in a form: one line of text for each key."""

from collections.abc import Mapping
from typing import Any, Final

from mdm.groups.rule import KEYS
from mdm.groups.schemas import GroupRuleSchema, TraitsSchema
from mdm.wire import loaded

PREFIX: Final = "rule_"
_LISTS: Final = ("model", "os", "ring", "device_class")


def rule_of(form: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the rule that the fields `rule_<key>` of a form say, None if all are empty.

    Items of lists have commas between them, attributes are `key=value`. Raises `InvalidInput`.
    """
    given = {key: form.get(PREFIX + key, "").strip() for key in KEYS}
    rule = {key: _value(key, text) for key, text in given.items() if text}
    return loaded(GroupRuleSchema(), rule, PREFIX) if rule else None


def written(rule: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the fields of a form that say this rule; the inverse of `rule_of`."""
    return {PREFIX + key: _text((rule or {}).get(key, "")) for key in KEYS}


def traits_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Return ring, attributes and ownership that a form says. Raises `InvalidInput`."""
    given = {
        "ring": form.get("ring", "").strip(),
        "attributes": _value("attributes", form.get("attributes", "")),
        "ownership": form.get("ownership", ""),
    }
    traits: dict[str, Any] = loaded(TraitsSchema(), given)
    return traits


def _value(key: str, text: str) -> Any:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if key == "attributes":
        pairs = (part.partition("=") for part in parts)
        return {name.strip(): value.strip() for name, _, value in pairs}
    return parts if key in _LISTS else text


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={said}" for name, said in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)
