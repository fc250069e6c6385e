"""What the guard must know about sessions, officers, the roles they hold, and their lock-outs."""

from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)
from muster.kernel.identity.models import Officer

_ANYBODY = ("Officer", "System")
_CONSOLE = ("console",)
_OWN = ("own_account",)

_RESOURCES = [
    ResourceType("Session", {"own": Attribute("Bool"), "unit": Attribute("Unit", optional=True)}),
    ResourceType(
        "OfficerRecord",
        {
            "own": Attribute("Bool"),
            "sworn": Attribute("Bool", Officer.sworn, optional=True),
            "unit": Attribute("Unit", Officer.unit_id),
        },
    ),
    ResourceType(
        "Role",
        {
            "own": Attribute("Bool"),
            "role": Attribute("String"),
            "kind": Attribute("String"),
            "privileged": Attribute("Bool"),
            "held": Attribute("Bool"),
            "lent_by_actor": Attribute("Bool"),
            "unit": Attribute("Unit"),
        },
    ),
    ResourceType(
        "BreakGlass",
        {
            "own": Attribute("Bool"),
            "kind": Attribute("String"),
            "name": Attribute("String"),
            "unit": Attribute("Unit"),
        },
    ),
    ResourceType(
        "ClientCredential",
        {
            "own": Attribute("Bool"),
            "surface": Attribute("String"),
            "unit": Attribute("Unit"),
        },
    ),
    ResourceType(
        "Lockout",
        {
            "own": Attribute("Bool"),
            "kind": Attribute("String"),
            "unit": Attribute("Unit", optional=True),
        },
    ),
]
_SESSIONS = [
    Action("identity.session.end_own", "Session", groups=_OWN),
    Action("identity.session.read_own", "Session", groups=_OWN, audited=Audited.COUNTED),
    Action("identity.secret.change_own", "Session", groups=_OWN),
    Action("identity.session.see", "Session", scope="supervision"),
    Action("identity.session.extend", "Session", scope="supervision"),
]
_OFFICERS = [
    Action("identity.officer.read", "OfficerRecord", groups=_CONSOLE),
    Action("identity.officer.suspend", "OfficerRecord", groups=_CONSOLE),
    Action("identity.officer.reinstate", "OfficerRecord", groups=_CONSOLE),
    Action("identity.officer.retire", "OfficerRecord", groups=_CONSOLE, step_up=True),
    Action("identity.officer.admit_for_emergency", "OfficerRecord", groups=_CONSOLE),
    Action("identity.certification.give", "OfficerRecord", groups=_CONSOLE),
    Action("identity.certification.withdraw", "OfficerRecord", groups=_CONSOLE),
    Action("identity.holding.list", "OfficerRecord", groups=_CONSOLE),
    Action("identity.holding.resolve", "OfficerRecord", groups=_CONSOLE),
    Action("identity.pin.reset", "OfficerRecord", scope="supervision"),
    Action("identity.lockout.read", "Force", scope="supervision"),
    Action("identity.lockout.release", "Lockout", scope="supervision"),
    Action("identity.units.import", "Force", groups=_CONSOLE, principals=_ANYBODY, step_up=True),
    Action("identity.officers.import", "Force", groups=_CONSOLE, principals=_ANYBODY, step_up=True),
]
_ROLES = [
    Action("identity.role.grant", "Role", groups=_CONSOLE, step_up=True),
    Action("identity.role.grant.approve", "Role", groups=_CONSOLE, internal=True),
    Action("identity.role.withdraw", "Role", groups=_CONSOLE, step_up=True),
    Action("identity.delegation.list_own", "Force", groups=_CONSOLE),
    Action("identity.delegation.give", "Role", groups=_CONSOLE),
    Action("identity.delegation.revoke", "Role", groups=_CONSOLE),
    Action("identity.deputy.name", "Role", groups=_CONSOLE),
    Action("identity.deputy.name.approve", "Role", groups=_CONSOLE, internal=True),
    Action("identity.review.list", "Force", groups=_CONSOLE),
    Action("identity.review.decide", "Role", groups=_CONSOLE),
]
_BREAK_GLASS = [
    Action("identity.break_glass.begin", "BreakGlass", step_up=True),
    Action("identity.break_glass.list", "Force", groups=_CONSOLE),
    Action("identity.break_glass.judge", "BreakGlass", groups=_CONSOLE),
]
_DIRECTORY = [
    Action("identity.directory.list", "Force", groups=_CONSOLE),
    Action("identity.directory.decide", "Force", groups=_CONSOLE, step_up=True),
    Action("identity.directory.take_in", "Force", principals=("System",), internal=True),
    Action("identity.scim.read", "Force", scope="people"),
    Action("identity.scim.write", "OfficerRecord", scope="people"),
]
_CREDENTIALS = [
    Action(
        "identity.client_credential.issue",
        "ClientCredential",
        principals=_ANYBODY,
        step_up=True,
    ),
    Action("identity.client_credential.read", "ClientCredential"),
    Action("identity.client_credential.revoke", "ClientCredential", principals=_ANYBODY),
]

FRAGMENT = Fragment(
    name="identity",
    resources=_RESOURCES,
    actions=[*_SESSIONS, *_OFFICERS, *_ROLES, *_BREAK_GLASS, *_DIRECTORY, *_CREDENTIALS],
    policies=policies_beside("muster.kernel.identity"),
)
