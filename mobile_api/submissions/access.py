"""What the guard must know about records."""

from mobile_api.submissions.models import Submission
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="field.records",
    resources=[
        ResourceType(
            "Record",
            {
                "own": Attribute("Bool"),
                "unit": Attribute("Unit", Submission.unit_id, optional=True),
            },
        )
    ],
    actions=[
        Action("field.record.create", "Record", groups=("data_write",), scope="records"),
        Action("field.record.read", "Record", groups=("data",), scope="records"),
        Action("field.record.list", "Force", groups=("console",)),
        Action("field.record.review", "Record", groups=("console",)),
        Action("field.record.see_file", "Record", groups=("console",)),
    ],
    policies=policies_beside("mobile_api.submissions"),
)
