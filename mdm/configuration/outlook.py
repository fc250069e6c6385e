"""What compliance would say of a terminal if it had to follow other values. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from mdm.compliance.judge import Known, Verdict, judge
from mdm.compliance.rules import Rule
from mdm.compliance.wanted import read

_JUDGED: Final = ("apps.", "fences.")


def judged(keys: Iterable[str]) -> bool:
    """Whether compliance rules look at any of these keys."""
    return any(key.startswith(_JUDGED) for key in keys)


def outlook(known: Known, values: dict[str, Any], rules: Iterable[Rule], now: datetime) -> Verdict:
    """Judge what is known of a terminal against these effective values.

    Its own lag is left aside: what is new may take as long as the rules allow.
    """
    return judge(replace(known, wanted=read(values)), rules, now)
