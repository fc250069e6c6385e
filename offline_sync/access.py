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
            scope="sync",
        ),
        Action(
            "offline_sync.collection.push",
            "SyncCollection",
            groups=("data", "data_write"),
            scope="sync",
        ),
        Action("offline_sync.lease.take", "Force", groups=("data",), scope="sync"),
        Action("offline_sync.events.open", "Force", groups=("data",), scope="sync"),
        Action(
            "offline_sync.item.hand_in", "OutboxItem", groups=("data", "data_write"), scope="sync"
        ),
        Action("offline_sync.item.deposit", "OutboxItem", groups=("deposit_door",), scope="sync"),
    ],
    policies=policies_beside("offline_sync"),
)
