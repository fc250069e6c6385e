"""What the guard must know about incidents."""

from mobile_api.incidents.models import Incident
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="field.incidents",
    resources=[ResourceType("Incident", {"unit": Attribute("Unit", Incident.unit_id)})],
    actions=[
        # decided for each unit when a terminal pulls; its routes are offline sync's
        Action("field.incident.read", "Incident", groups=("data",), internal=True, scope="tasks"),
        Action("field.incident.list", "Force", groups=("console",)),
        Action("field.incident.review", "Incident", groups=("console",)),
    ],
    policies=policies_beside("mobile_api.incidents"),
)
