"""What the guard must know about letting terminals in."""

from mdm.enrolment.models import EnrolToken
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="mdm.enrolment",
    resources=[ResourceType("EnrolToken", {"unit": Attribute("Unit", EnrolToken.unit_id)})],
    actions=[
        Action("mdm.enrol_token.list", "Force", groups=("console",)),
        Action("mdm.enrol_token.read", "EnrolToken", groups=("console",), internal=True),
        Action("mdm.enrol_token.create", "EnrolToken", groups=("console",)),
        Action("mdm.enrol_token.revoke", "EnrolToken", groups=("console",)),
        Action("mdm.device.enrol", "EnrolToken", principals=("System",)),
    ],
    policies=policies_beside("mdm.enrolment"),
)
