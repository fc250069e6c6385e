"""What the guard must know about quarantine: supervisors of the depositor's unit let items in."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside
from offline_sync.quarantine.models import QuarantinedItem

FRAGMENT = Fragment(
    name="offline_sync.quarantine",
    resources=[
        ResourceType("QuarantinedItem", {"unit": Attribute("Unit", QuarantinedItem.unit_id)})
    ],
    actions=[
        Action("offline_sync.quarantine.list", "Force", groups=("console",)),
        Action("offline_sync.quarantine.release", "QuarantinedItem", groups=("console",)),
    ],
    policies=policies_beside("offline_sync.quarantine"),
)
