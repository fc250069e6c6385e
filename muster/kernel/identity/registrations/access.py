"""What the guard must know about registered clients."""

from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)
from muster.kernel.identity.models import Client

_CONSOLE = ("console",)

FRAGMENT = Fragment(
    name="identity.registrations",
    resources=[
        ResourceType(
            "RegisteredClient",
            {
                "own": Attribute("Bool"),
                "unit": Attribute("Unit", Client.unit_id, optional=True),
            },
        )
    ],
    actions=[
        Action("identity.client.list", "Force", groups=_CONSOLE, audited=Audited.COUNTED),
        Action("identity.client.register", "RegisteredClient", groups=_CONSOLE),
        Action("identity.client.register_server", "Force", groups=_CONSOLE),
        Action("identity.client.make_sandbox", "Force", groups=_CONSOLE),
        Action("identity.client.change", "RegisteredClient", groups=_CONSOLE),
        Action("identity.client.grant", "RegisteredClient", groups=_CONSOLE),
        Action("identity.client.block", "RegisteredClient", groups=_CONSOLE),
        Action("identity.client.unblock", "RegisteredClient", groups=_CONSOLE),
    ],
    policies=policies_beside("muster.kernel.identity.registrations"),
)
