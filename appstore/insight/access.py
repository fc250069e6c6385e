"""What the guard must know about insight."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="appstore.insight",
    actions=[Action("app.insight.read", "App", groups=("console",))],
    policies=policies_beside("appstore.insight"),
)
