"""What the guard must know about install reports."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

FRAGMENT = Fragment(
    name="appstore.installs",
    actions=[
        Action("app.agent.installed", "Force", principals=("Terminal",), audited=Audited.COUNTED)
    ],
    policies=policies_beside("appstore.installs"),
)
