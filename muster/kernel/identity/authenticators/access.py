"""What the guard must know about second factors, one's own account and others' sessions."""

from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

_CONSOLE = ("console",)
_OWN = ("own_account",)

FRAGMENT = Fragment(
    name="authenticators",
    resources=[
        ResourceType("Authenticator", {"own": Attribute("Bool"), "first": Attribute("Bool")}),
    ],
    actions=[
        Action(
            "identity.authenticator.read", "Authenticator", groups=_OWN, audited=Audited.COUNTED
        ),
        Action("identity.authenticator.enrol", "Authenticator", groups=_OWN, step_up=True),
        Action("identity.authenticator.remove", "Authenticator", step_up=True),
        Action("identity.password.change", "Authenticator", step_up=True),
        Action("identity.session.step_up", "Session", groups=_OWN),
        Action("identity.officer.read_sessions", "OfficerRecord", groups=_CONSOLE),
        Action("identity.officer.end_sessions", "OfficerRecord", groups=_CONSOLE),
        Action(
            "identity.officer.reset_authenticators", "OfficerRecord", groups=_CONSOLE, step_up=True
        ),
    ],
    policies=policies_beside("muster.kernel.identity.authenticators"),
)
