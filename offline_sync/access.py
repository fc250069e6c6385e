"""What the guard must know about sync at the terminal's side."""

from muster.kernel.guard import Action, Attribute, Audited, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="offline_sync",
    resources=[
        ResourceType("SyncCollection"),
        ResourceType("OutboxItem", {"kind": Attribute("String")}),
    ],
    actions=[
        Action(
            "offline_sync.collection.pull",
            "SyncCollection",
            groups=("data",),
            audited=Audited.COUNTED,
        ),
        Action("offline_sync.collection.push", "SyncCollection", groups=("data", "data_write")),
        Action("offline_sync.lease.take", "Force", groups=("data",)),
        Action("offline_sync.events.open", "Force", groups=("data",)),
        Action("offline_sync.item.hand_in", "OutboxItem", groups=("data", "data_write")),
        Action("offline_sync.item.deposit", "OutboxItem", groups=("deposit_door",)),
    ],
    policies=policies_beside("offline_sync"),
)
