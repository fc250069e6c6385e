"""What the guard must know about reading the log: looking into it is itself on the log."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="audit",
    actions=[
        Action("audit.entry.list", "Force", groups=("console",)),
        Action("audit.entry.read", "Force", groups=("console",)),
        Action("audit.entry.prove", "Force", groups=("console",)),
        Action("audit.subject.search", "Force", groups=("console",)),
        Action("audit.log.verify", "Force", groups=("console",)),
    ],
    policies=policies_beside("muster.kernel.audit"),
)
