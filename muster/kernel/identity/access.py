"""What the guard must know about sessions, officers, their credentials and their lock-outs."""

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

FRAGMENT = Fragment(
    name="identity",
    resources=[
        ResourceType("Session", {"own": Attribute("Bool")}),
        ResourceType(
            "OfficerRecord",
            {
                "own": Attribute("Bool"),
                "sworn": Attribute("Bool", Officer.sworn, optional=True),
                "unit": Attribute("Unit", Officer.unit_id),
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
    ],
    actions=[
        Action("identity.session.end_own", "Session"),
        Action("identity.session.read_own", "Session", audited=Audited.COUNTED),
        Action("identity.officer.read", "OfficerRecord", groups=_CONSOLE),
        Action("identity.officer.suspend", "OfficerRecord", groups=_CONSOLE),
        Action("identity.officer.reinstate", "OfficerRecord", groups=_CONSOLE),
        Action("identity.lockout.read", "Force", groups=_CONSOLE),
        Action("identity.lockout.release", "Lockout", groups=_CONSOLE),
        Action("identity.client_credential.issue", "ClientCredential", principals=_ANYBODY),
        Action("identity.client_credential.read", "ClientCredential"),
        Action("identity.client_credential.revoke", "ClientCredential", principals=_ANYBODY),
        Action("identity.units.import", "Force", groups=_CONSOLE, principals=_ANYBODY),
        Action("identity.officers.import", "Force", groups=_CONSOLE, principals=_ANYBODY),
    ],
    policies=policies_beside("muster.kernel.identity"),
)
