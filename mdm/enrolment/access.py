"""What the guard must know about letting terminals in."""

from mdm.enrolment.models import EnrolRule, EnrolToken, PreRegistration
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="mdm.enrolment",
    resources=[
        ResourceType("EnrolToken", {"unit": Attribute("Unit", EnrolToken.unit_id)}),
        ResourceType("PreRegistration", {"unit": Attribute("Unit", PreRegistration.unit_id)}),
        ResourceType("EnrolRule", {"unit": Attribute("Unit", EnrolRule.unit_id)}),
    ],
    actions=[
        Action("mdm.enrol_token.list", "Force", groups=("console",)),
        Action("mdm.enrol_token.read", "EnrolToken", groups=("console",), internal=True),
        Action("mdm.enrol_token.create", "EnrolToken", groups=("console",)),
        Action("mdm.enrol_token.revoke", "EnrolToken", groups=("console",)),
        Action("mdm.pre_registration.list", "Force", groups=("console",)),
        Action("mdm.pre_registration.import", "Force", groups=("console",)),
        Action("mdm.pre_registration.read", "PreRegistration", groups=("console",), internal=True),
        Action("mdm.pre_registration.write", "PreRegistration", groups=("console",), internal=True),
        Action("mdm.pre_registration.remove", "PreRegistration", groups=("console",)),
        Action("mdm.enrol_rule.list", "Force", groups=("console",)),
        Action("mdm.enrol_rule.set", "EnrolRule", groups=("console",)),
        Action("mdm.admission.list", "Force", groups=("console",)),
        Action("mdm.device.admit", "Device", groups=("console",)),
        Action("mdm.device.refuse", "Device", groups=("console",)),
        Action("mdm.device.enrol", "EnrolToken", principals=("System",)),
        Action("mdm.enrol_token.challenge", "EnrolToken", principals=("System",)),
    ],
    policies=policies_beside("mdm.enrolment"),
)
