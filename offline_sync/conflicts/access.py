"""What the guard must know about kept work: whose it is decides who may look."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside
from offline_sync.conflicts.models import ConflictCopy

FRAGMENT = Fragment(
    name="offline_sync.conflicts",
    resources=[ResourceType("ConflictCopy", {"unit": Attribute("Unit", ConflictCopy.unit_id)})],
    actions=[
        Action("offline_sync.conflict.list", "Force", groups=("console",)),
        Action("offline_sync.conflict.read", "ConflictCopy", groups=("console",)),
        Action("offline_sync.conflict.resolve", "ConflictCopy", groups=("console",)),
    ],
    policies=policies_beside("offline_sync.conflicts"),
)
