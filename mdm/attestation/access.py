"""What the guard must know about key attestation."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

FRAGMENT = Fragment(
    name="mdm.attestation",
    actions=[
        Action(
            "mdm.attestation.begin",
            "Device",
            groups=("agent_door",),
            principals=("Terminal",),
            audited=Audited.COUNTED,
        ),
        Action(
            "mdm.attestation.submit", "Device", groups=("agent_door",), principals=("Terminal",)
        ),
    ],
    policies=policies_beside("mdm.attestation"),
)
