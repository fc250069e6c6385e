"""What the guard must know about reading and keeping the log: looking into it is itself on it."""

from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

_CONSOLE = ("console",)

FRAGMENT = Fragment(
    name="audit",
    resources=[
        ResourceType("LegalHold"),
        ResourceType("ReviewItem", {"own": Attribute("Bool"), "own_chain": Attribute("Bool")}),
    ],
    actions=[
        Action("audit.entry.list", "Force", groups=_CONSOLE),
        Action("audit.entry.read", "Force", groups=_CONSOLE),
        Action("audit.entry.prove", "Force", groups=_CONSOLE),
        Action("audit.entry.export", "Force", groups=_CONSOLE, step_up=True),
        Action("audit.subject.search", "Force", groups=_CONSOLE),
        Action("audit.log.verify", "Force", groups=_CONSOLE),
        Action("audit.log.prove", "Force", groups=_CONSOLE),
        Action("audit.own.read", "Force", audited=Audited.COUNTED),
        Action("audit.hold.list", "Force", groups=_CONSOLE),
        Action("audit.hold.place", "LegalHold", groups=_CONSOLE),
        Action("audit.hold.lift", "LegalHold", groups=_CONSOLE, approval=True),
        Action("audit.hold.lift.approve", "LegalHold", groups=_CONSOLE),
        Action("audit.review.list", "Force", groups=_CONSOLE),
        Action("audit.review.read", "ReviewItem", groups=_CONSOLE),
        Action("audit.review.decide", "ReviewItem", groups=_CONSOLE),
    ],
    policies=policies_beside("muster.kernel.audit"),
)
