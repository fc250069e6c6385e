"""Vetting: rules look at what an APK says of itself and at the app's past, and give verdicts.

`rules.py` holds the rules as data, `findings.py` what each looks for, `judge.py` applies them and
says whether a second approver is needed (all pure); `service.py` keeps the verdicts.
"""

from appstore.vetting.judge import Check, blocks, judge, sensitive
from appstore.vetting.measures import Past, Standard
from appstore.vetting.models import CheckRow
from appstore.vetting.permissions import PermissionChange, compare, is_risky
from appstore.vetting.rules import RULES, VERSION, Rule
from appstore.vetting.service import checks_of, keep

__all__ = [
    "RULES",
    "VERSION",
    "Check",
    "CheckRow",
    "Past",
    "PermissionChange",
    "Rule",
    "Standard",
    "blocks",
    "checks_of",
    "compare",
    "is_risky",
    "judge",
    "keep",
    "sensitive",
]
