"""Whether a rule makes sense: a value of the fact's kind, and deadlines that follow each other. Pure."""

import re
from collections.abc import Iterator
from typing import Any, Final

from mdm.compliance.judge import version_key
from mdm.compliance.rules import FACTS, OPERATORS, RANK, Rule
from mdm.devices.classes import CLASSES

LONGEST_HOURS: Final = 24 * 365
_MOST: Final = 200
_PACKAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")


def flaws(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield the field and the sentence of everything that is wrong with a rule."""
    kind = FACTS.get(rule.fact)
    if kind is None:
        yield "fact", "There is no such fact. The page on compliance lists them."
    elif rule.operator not in OPERATORS[kind]:
        yield "operator", f"This fact is compared by {' or '.join(OPERATORS[kind])}."
    elif not _fits(rule.operator, rule.value):
        yield "value", "The value must be of the kind that the rule compares with."
    if not set(rule.classes) <= set(CLASSES):
        yield "classes", f"The classes are {', '.join(CLASSES)}."
    yield from _deadlines(rule)


def _deadlines(rule: Rule) -> Iterator[tuple[str, str]]:
    if (rule.deadline_hours is None) is not (rule.escalation is None):
        yield "escalation", "A deadline needs an escalation, and an escalation a deadline."
    elif rule.escalation is not None and RANK[rule.escalation] <= RANK[rule.action]:
        yield "escalation", "The escalation must be graver than the action."
    if rule.deadline_hours is not None and rule.deadline_hours <= rule.grace_hours:
        yield "deadline_hours", "The deadline must come after the hours of grace."


def _fits(operator: str, value: Any) -> bool:
    if operator == "is":
        return isinstance(value, bool)
    if operator in ("at_most", "at_least"):
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return numeric and 0 <= value <= 100_000
    if operator.startswith("version_"):
        return isinstance(value, str) and len(value) <= 32 and bool(version_key(value))
    if not isinstance(value, list) or not 1 <= len(value) <= _MOST:
        return False
    if operator == "one_of":
        return all(
            isinstance(one, str) and 1 <= len(one) <= 100 and "\x00" not in one for one in value
        )
    return all(
        isinstance(one, str) and len(one) <= 200 and _PACKAGE.fullmatch(one) for one in value
    )
