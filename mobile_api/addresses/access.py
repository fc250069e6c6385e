"""What the guard must know about the address library."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

FRAGMENT = Fragment(
    name="field.addresses",
    actions=[
        Action(
            "field.address.search", "Force", groups=("data",), audited=Audited.COUNTED, scope="maps"
        )
    ],
    policies=policies_beside("mobile_api.addresses"),
)
