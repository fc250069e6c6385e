"""What the guard must know about checks: who may ask, who sees the detail of a hit, who reviews."""

from mobile_api.checks.models import CheckRequest
from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

FRAGMENT = Fragment(
    name="field.checks",
    resources=[
        ResourceType(
            "Check",
            {
                "kind": Attribute("String"),
                "purpose_covers": Attribute("Bool"),
                "case_ref_fits": Attribute("Bool"),
                "reason_given": Attribute("Bool"),
            },
        ),
        ResourceType(
            "CheckRecord",
            {
                "own": Attribute("Bool"),
                "kind": Attribute("String", CheckRequest.kind),
                "unit": Attribute("Unit", CheckRequest.unit_id),
            },
        ),
    ],
    actions=[
        Action("field.check.run", "Check", groups=("data", "needs_purpose"), scope="checks"),
        Action("field.check.see_detail", "CheckRecord", groups=("data",), scope="checks"),
        Action("field.check.read", "CheckRecord", groups=("data",), scope="checks"),
        Action("field.check.list", "Force", groups=("console",)),
        Action("field.check.review", "CheckRecord", groups=("console",)),
        Action(
            "field.purpose.read", "Force", groups=("data",), audited=Audited.COUNTED, scope="checks"
        ),
    ],
    policies=policies_beside("mobile_api.checks"),
)
