"""How long an entry stays: hot in the database, then cold in an archive, by what it records.

CJIS AU-11 wants a year at the least; less is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HOT_DAYS, COLD_DAYS, LEAST_HOT = 365, 6 * 365, 365
FOR_EVER: Final = ("audit.log.retire", "audit.archive.", "audit.hold.")
"""What retention itself did is never retired: without it nobody could tell retired from missing."""

_RULE = re.compile(r"([a-z][a-z0-9_.]*)=(\d{1,5})/(\d{1,5})")


@dataclass(frozen=True)
class Rule:
    """Days in the database and then in an archive, for actions that begin with `prefix`."""

    prefix: str
    hot: int
    cold: int


@dataclass(frozen=True)
class Retention:
    """The rules in force; the longest prefix that fits decides, '' fits everything."""

    rules: Sequence[Rule]

    @classmethod
    def of(cls, text: str, hot: int = HOT_DAYS, cold: int = COLD_DAYS) -> "Retention":
        """Read `field.check.=730/2190 mdm.agent.=365/365`; `ValueError` names what is wrong."""
        rules = [Rule("", hot, cold)]
        for part in text.replace(",", " ").split():
            found = _RULE.fullmatch(part)
            if found is None:
                raise ValueError(f"{part!r} is not PREFIX=HOT_DAYS/COLD_DAYS")
            rules.append(Rule(found[1], int(found[2]), int(found[3])))
        for rule in rules:
            if rule.hot < LEAST_HOT:
                raise ValueError(f"entries stay for {LEAST_HOT} days at the least, not {rule.hot}")
        return cls(sorted(rules, key=lambda rule: len(rule.prefix), reverse=True))

    def rule(self, action: str) -> Rule | None:
        """Return the rule of an action, None for what is kept for ever."""
        if action.startswith(FOR_EVER):
            return None
        return next(rule for rule in self.rules if action.startswith(rule.prefix))

    def cooled(self, action: str, at: datetime, now: datetime) -> bool:
        """Say whether an archived entry may be destroyed."""
        rule = self.rule(action)
        return rule is not None and at + timedelta(days=rule.hot + rule.cold) <= now

    def cuts(self, now: datetime) -> Iterator[tuple[str, tuple[str, ...], datetime]]:
        """Yield for each rule its prefix, the longer prefixes it leaves out, and its moment.

        Entries of the rule from before the moment may go.
        """
        longer: list[str] = [*FOR_EVER]
        for rule in self.rules:
            apart = tuple(other for other in longer if other.startswith(rule.prefix))
            yield rule.prefix, apart, now - timedelta(days=rule.hot)
            longer.append(rule.prefix)
