"""What the guard must know about its own policies: who writes them, and that two people publish."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

_GROUPS = ("console", "policy_repair")

FRAGMENT = Fragment(
    name="access",
    resources=[ResourceType("AccessPolicySet", {"unit": Attribute("Unit")})],
    actions=[
        Action("access.policy.read", "Force", groups=_GROUPS),
        Action("access.explain", "Force", groups=_GROUPS),
        Action("access.policy.draft", "AccessPolicySet", groups=_GROUPS),
        Action("access.policy.shadow", "AccessPolicySet", groups=_GROUPS, step_up=True),
        Action(
            "access.policy.publish",
            "AccessPolicySet",
            groups=_GROUPS,
            step_up=True,
            approval=True,
        ),
        Action(
            "access.policy.publish.approve",
            "AccessPolicySet",
            groups=_GROUPS,
            step_up=True,
            internal=True,
        ),
    ],
    policies=policies_beside("muster.kernel.policies"),
)
