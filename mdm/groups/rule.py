"""Which terminals a group takes by rule. Pure.

A rule is a JSON object. Every key it gives must hold; of a list, any one item.

| key | holds if |
|---|---|
| `unit` | the terminal belongs to this unit (its code) or to one below it |
| `model` | its model is one of these; `*` stands for any text, `?` for one character, case is no matter |
| `os` | its system is one of these |
| `os_at_least` | its system's version is this or newer |
| `os_at_most` | its system's version is this or older; `14` includes 14.1 |
| `ring` | it is in one of these rings |
| `device_class` | it is of one of these classes |
| `ownership` | it is `personal`, or `pooled` |
| `attributes` | it has all of these attributes with these values |

What is not known does not hold, and a rule that gives nothing takes nobody.
"""

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_NUMBERS: Final = re.compile(r"\d{1,9}(\.\d{1,9}){0,7}")
KEYS: Final = (
    "unit",
    "model",
    "os",
    "os_at_least",
    "os_at_most",
    "ring",
    "device_class",
    "ownership",
    "attributes",
)


@dataclass(frozen=True)
class Facts:
    """What a rule may ask of a terminal; `units` are the codes of its unit and all above it."""

    units: frozenset[str] = frozenset()
    model: str = ""
    os: str = ""
    os_version: str = ""
    ring: str = ""
    device_class: str = ""
    ownership: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def fits(rule: Mapping[str, Any], facts: Facts) -> bool:
    """Whether a terminal belongs to the group of this rule."""
    return bool(rule) and all(_HOLDS[key](value, facts) for key, value in rule.items())


def _any_model(globs: list[str], facts: Facts) -> bool:
    name = facts.model.casefold()
    return bool(name) and any(fnmatch.fnmatchcase(name, _glob(glob)) for glob in globs)


def _glob(written: str) -> str:
    """Brackets are no pattern here: models have them in their names."""
    return written.casefold().replace("[", "[[]")


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with: `14.1-beta` is (14, 1); () for none."""
    found = _NUMBERS.match(text)
    return tuple(int(number) for number in found.group().split(".")) if found else ()


def _at_least(bound: str, facts: Facts) -> bool:
    version, limit = numbers(facts.os_version), numbers(bound)
    return bool(version) and _padded(version, len(limit)) >= limit


def _at_most(bound: str, facts: Facts) -> bool:
    version, limit = numbers(facts.os_version), numbers(bound)
    return bool(version) and _padded(version, len(limit))[: len(limit)] <= limit


def _padded(version: tuple[int, ...], length: int) -> tuple[int, ...]:
    return version + (0,) * (length - len(version))


def _attributes(wanted: Mapping[str, str], facts: Facts) -> bool:
    return all(facts.attributes.get(key) == value for key, value in wanted.items())


_HOLDS: Final[dict[str, Any]] = {
    "unit": lambda code, facts: code in facts.units,
    "model": _any_model,
    "os": lambda names, facts: facts.os.casefold() in [name.casefold() for name in names],
    "os_at_least": _at_least,
    "os_at_most": _at_most,
    "ring": lambda rings, facts: facts.ring in rings,
    "device_class": lambda classes, facts: facts.device_class in classes,
    "ownership": lambda whose, facts: facts.ownership == whose,
    "attributes": _attributes,
}
