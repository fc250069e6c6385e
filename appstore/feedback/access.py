"""What the guard must know about feedback. Officers give it on compliant terminals (`data`)."""

from muster.kernel.guard import Action, Fragment, policies_beside

_FIELD = ("data",)
_CONSOLE = ("console",)

FRAGMENT = Fragment(
    name="appstore.feedback",
    actions=[
        Action("app.feedback.give", "Force", groups=_FIELD, scope="apps"),
        Action("app.feedback.list_mine", "Force", groups=_FIELD, scope="apps"),
        Action("app.feedback.read", "App", groups=_CONSOLE),
        Action("app.feedback.answer", "App", groups=_CONSOLE),
    ],
    policies=policies_beside("appstore.feedback"),
)
