"""What the guard must know about the inbox: everybody reads their own and no other."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

FRAGMENT = Fragment(
    name="notices",
    actions=[
        Action("notices.read_own", "Force", groups=("own_account",), audited=Audited.COUNTED),
    ],
    policies=policies_beside("muster.kernel.notices"),
)
