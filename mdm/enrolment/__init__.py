"""How terminals come in: a device admin makes a token, its QR code is scanned, a key becomes ours.

Start with `tokens.py`, then `enrol.py`.
"""

from mdm.enrolment.enrol import Enrolled, Newcomer, enrol
from mdm.enrolment.models import EnrolToken
from mdm.enrolment.qr import AndroidAgent, qr_svg
from mdm.enrolment.tokens import LONGEST, MOST_USES, Made, Wish, create, listing, read, revoke

__all__ = [
    "LONGEST",
    "MOST_USES",
    "AndroidAgent",
    "EnrolToken",
    "Enrolled",
    "Made",
    "Newcomer",
    "Wish",
    "create",
    "enrol",
    "listing",
    "qr_svg",
    "read",
    "revoke",
]
