"""What the guard must know about ways back."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

_CONSOLE = ("console",)

FRAGMENT = Fragment(
    name="appstore.rollbacks",
    resources=[ResourceType("Rollback", {"unit": Attribute("Unit")})],
    actions=[
        Action("app.release.reissue", "Release", groups=_CONSOLE),
        Action("app.rollback.reinstall", "Rollback", groups=_CONSOLE, step_up=True, approval=True),
        Action(
            "app.rollback.reinstall.approve",
            "Rollback",
            groups=_CONSOLE,
            step_up=True,
            internal=True,
        ),
        Action("app.rollback.cancel", "Rollback", groups=_CONSOLE),
    ],
    policies=policies_beside("appstore.rollbacks"),
)
