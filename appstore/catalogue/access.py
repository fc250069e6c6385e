"""What the guard must know about the catalogue."""

from appstore.catalogue.models import App
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="appstore.catalogue",
    resources=[
        ResourceType(
            "App",
            {
                "unit": Attribute("Unit", App.unit_id),
                "package": Attribute("String", App.package, optional=True),
            },
        )
    ],
    actions=[
        Action("app.catalogue.read", "Force", groups=("console",), scope="apps"),
        Action("app.catalogue.edit", "App", groups=("console",)),
    ],
    policies=policies_beside("appstore.catalogue"),
)
