"""What the guard must know about approvals; who may be the second person, each act says itself."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="approvals",
    resources=[ResourceType("ApprovalRequest", {"own": Attribute("Bool")})],
    actions=[
        Action("approvals.read", "Force", groups=("console", "policy_repair")),
        Action("approvals.withdraw", "ApprovalRequest", groups=("console",)),
    ],
    policies=policies_beside("muster.kernel.approvals"),
)
