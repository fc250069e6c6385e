"""What the guard must know about reviews of urgent releases."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="appstore.reviews",
    actions=[
        Action("app.review.list", "Force", groups=("console",)),
        Action("app.review.judge", "Release", groups=("console",), step_up=True),
        Action("app.review.lapse", "Force", principals=("System",), internal=True),
    ],
    policies=policies_beside("appstore.reviews"),
)
