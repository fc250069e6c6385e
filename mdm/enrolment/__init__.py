"""How terminals come in: a device admin makes a token, its QR code is scanned, a key becomes ours.

Start with `tokens.py`, then `enrol.py`; gateways call `knock`, then `admit`. `placing.py` says
where a terminal goes, `admissions.py` who must be let in first.
"""

from mdm.enrolment.admissions import approve, refuse, waiting
from mdm.enrolment.enrol import Enrolled, Newcomer, admit, enrol, enrolment_challenge, knock
from mdm.enrolment.models import EnrolToken, ListedSerial, PreRegistration
from mdm.enrolment.pre_registrations import Imported, remove, take_in
from mdm.enrolment.pre_registrations import listing as registered
from mdm.enrolment.pre_registrations import target as registration_target
from mdm.enrolment.qr import AndroidAgent, Wifi, qr_svg, text_svg
from mdm.enrolment.tokens import (
    LONGEST,
    MOST_USES,
    Made,
    Wish,
    create,
    labels,
    listing,
    read,
    revoke,
    serials,
)
from mdm.enrolment.unit_rules import UnitRule, rules, set_rule
from mdm.enrolment.written import wish_of

__all__ = [
    "LONGEST",
    "MOST_USES",
    "AndroidAgent",
    "EnrolToken",
    "Enrolled",
    "Imported",
    "ListedSerial",
    "Made",
    "Newcomer",
    "PreRegistration",
    "UnitRule",
    "Wifi",
    "Wish",
    "admit",
    "approve",
    "create",
    "enrol",
    "enrolment_challenge",
    "knock",
    "labels",
    "listing",
    "qr_svg",
    "read",
    "refuse",
    "registered",
    "registration_target",
    "remove",
    "revoke",
    "rules",
    "serials",
    "set_rule",
    "take_in",
    "text_svg",
    "waiting",
    "wish_of",
]
