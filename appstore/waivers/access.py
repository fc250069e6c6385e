"""What the guard must know about waivers."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="appstore.waivers",
    actions=[
        Action("app.waiver.grant", "App", groups=("console",), step_up=True),
        Action("app.waiver.revoke", "App", groups=("console",)),
    ],
    policies=policies_beside("appstore.waivers"),
)
