"""The roles a person can hold. What each may do is said by access policies, not here."""

from typing import Final

ROLES: Final[dict[str, str]] = {
    "officer": "uses a terminal in the field",
    "supervisor": "answers for officers of a unit; releases lock-outs, resolves conflicts",
    "duty_desk": "reports terminals lost, sends messages",
    "device_admin": "enrols, configures, locks and wipes terminals; never reads records",
    "publisher": "submits app releases",
    "approver": "approves releases and other people's requests as the second person",
    "data_steward": "publishes forms, registers, address files and hot lists",
    "auditor": "reads the audit log; changes nothing",
    "system_admin": "runs the installation",
    "security_admin": "grants roles and publishes access policies",
}

ADMINISTRATIVE: Final = frozenset(ROLES) - {"officer"}
"""Roles that open the console."""

THREE: Final = ("system_admin", "security_admin", "auditor")
"""The three administrations that exclude one another; given and taken only inside, by two people."""

LINE: Final = frozenset({"officer", "supervisor", "duty_desk"})
"""Posts of the line: one security admin grants them, and an import may."""

PRIVILEGED: Final = ADMINISTRATIVE - LINE
"""Administrations that nobody is given without a second person."""

LENDABLE: Final = ADMINISTRATIVE - frozenset(THREE)
"""What a holder may lend for hours or during their leave."""
