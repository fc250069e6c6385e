"""What the guard must know about bringing evidence."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="field.evidence",
    resources=[ResourceType("Evidence", {"own": Attribute("Bool")})],
    actions=[
        # decided by the upload target, whose routes are the kernel's and know only uploads
        Action(
            "field.evidence.add", "Evidence", groups=("data_write",), internal=True, scope="records"
        )
    ],
    policies=policies_beside("mobile_api.evidence"),
)
