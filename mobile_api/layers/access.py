"""What the guard must know about jurisdictions."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

FRAGMENT = Fragment(
    name="field.layers",
    actions=[
        Action(
            "field.jurisdiction.find",
            "Force",
            groups=("data",),
            audited=Audited.COUNTED,
            scope="maps",
        ),
    ],
    policies=policies_beside("mobile_api.layers"),
)
