"""What the guard must know about forms."""

from mobile_api.forms.models import Form
from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

FRAGMENT = Fragment(
    name="field.forms",
    resources=[
        ResourceType(
            "Form",
            {
                "form_id": Attribute("String", Form.form_id),
                "unit": Attribute("Unit", Form.unit_id, optional=True),
            },
        )
    ],
    actions=[
        Action("field.form.publish", "Form", groups=("console",)),
        Action("field.form.list_all", "Force", groups=("console",)),
        Action(
            "field.form.list", "Force", groups=("data",), audited=Audited.COUNTED, scope="records"
        ),
        Action(
            "field.form.read", "Form", groups=("data",), audited=Audited.COUNTED, scope="records"
        ),
    ],
    policies=policies_beside("mobile_api.forms"),
)
