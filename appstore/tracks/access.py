"""What the guard must know about tracks."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="appstore.tracks",
    actions=[
        Action("app.track.change", "App", groups=("console",)),
        Action("app.release.promote", "Release"),
        Action("app.release.promote_early", "Release", approval=True),
        Action(
            "app.release.promote_early.approve",
            "Release",
            groups=("console",),
            step_up=True,
            internal=True,
        ),
    ],
    policies=policies_beside("appstore.tracks"),
)
