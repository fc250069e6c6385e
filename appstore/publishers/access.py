"""What the guard must know about names, owners and tokens."""

from appstore.publishers.models import NameClaim
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside
from muster.kernel.identity import Officer

_CONSOLE = ("console",)

FRAGMENT = Fragment(
    name="appstore.publishers",
    resources=[
        ResourceType("PackageName", {"unit": Attribute("Unit", NameClaim.unit_id)}),
        ResourceType(
            "PublisherToken",
            {"unit": Attribute("Unit", Officer.unit_id), "own": Attribute("Bool")},
        ),
    ],
    actions=[
        Action("app.name.list", "Force", groups=_CONSOLE),
        Action("app.name.reserve", "PackageName", groups=_CONSOLE, approval=True),
        Action(
            "app.name.reserve.approve", "PackageName", groups=_CONSOLE, step_up=True, internal=True
        ),
        Action("app.catalogue.transfer", "App", groups=_CONSOLE, step_up=True, approval=True),
        Action(
            "app.catalogue.transfer.approve", "App", groups=_CONSOLE, step_up=True, internal=True
        ),
        Action("app.token.list", "Force", groups=_CONSOLE),
        Action("app.token.issue", "Force", groups=_CONSOLE, step_up=True),
        Action("app.token.revoke", "PublisherToken", groups=_CONSOLE),
        Action("app.token.oversee", "PublisherToken", groups=_CONSOLE),
    ],
    policies=policies_beside("appstore.publishers"),
)
