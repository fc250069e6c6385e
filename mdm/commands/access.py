"""What the guard must know about orders to terminals. All of them act on a `Device`."""

from typing import Final

from mdm.commands.states import AT_ONCE
from muster.kernel.guard import Action, Fragment, policies_beside

_OPERATIONS: Final = {
    "locate": "collection",
    "collect_logs": "collection",
    "wipe_app_data": "erasure",
    "remove": "erasure",
}


def _groups(kind: str) -> tuple[str, ...]:
    """Where somebody is concerns a person: who asks says for which purpose and in which case."""
    return ("console", "needs_purpose") if kind == "locate" else ("console",)


FRAGMENT = Fragment(
    name="mdm.commands",
    actions=[
        *(
            Action(
                f"mdm.device.{kind}",
                "Device",
                groups=_groups(kind),
                operation=_OPERATIONS.get(kind, "alteration"),
            )
            for kind in AT_ONCE
        ),
        Action("mdm.device.wipe", "Device", groups=("console",), step_up=True, approval=True),
        Action(
            "mdm.device.wipe.approve", "Device", groups=("console",), step_up=True, internal=True
        ),
        Action("mdm.command.cancel", "Device", groups=("console",)),
    ],
    policies=policies_beside("mdm.commands"),
)
