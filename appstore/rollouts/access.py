"""What the guard must know about rollouts."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

_CONSOLE = ("console",)

FRAGMENT = Fragment(
    name="appstore.rollouts",
    resources=[ResourceType("Rollout", {"unit": Attribute("Unit"), "own": Attribute("Bool")})],
    actions=[
        Action("app.rollout.start", "Rollout", groups=_CONSOLE, step_up=True),
        Action("app.rollout.raise", "Rollout", groups=_CONSOLE),
        Action("app.rollout.halt", "Rollout", groups=_CONSOLE),
        Action("app.rollout.resume", "Rollout", groups=_CONSOLE),
        Action("app.release.complete", "Release", groups=_CONSOLE),
    ],
    policies=policies_beside("appstore.rollouts"),
)
