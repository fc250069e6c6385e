"""What the guard must know about equipment and hand-overs."""

from mdm.equipment.models import Asset
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="mdm.equipment",
    resources=[
        ResourceType(
            "Asset",
            {
                "unit": Attribute("Unit", Asset.unit_id),
                "stage": Attribute("String", Asset.stage),
            },
        ),
        ResourceType("HandOver", {"unit": Attribute("Unit"), "own": Attribute("Bool")}),
    ],
    actions=[
        Action("mdm.asset.list", "Force", groups=("console",)),
        Action("mdm.asset.read", "Asset", groups=("console",)),
        Action("mdm.asset.download", "Force", groups=("console",)),
        Action("mdm.asset.import", "Force", groups=("console",)),
        Action("mdm.asset.register", "Asset", groups=("console",)),
        Action("mdm.asset.change", "Asset", groups=("console",)),
        Action("mdm.asset.move", "Asset", groups=("console",)),
        Action("mdm.asset.report_lost", "Asset", groups=("console",)),
        Action("mdm.asset.offer", "Asset", groups=("console",)),
        Action("mdm.asset.take_back", "Asset", groups=("console",)),
        Action("mdm.asset.retire", "Asset", groups=("console",)),
        Action("mdm.hand_over.list_own", "Force", groups=("data",)),
        Action("mdm.hand_over.sign", "HandOver", groups=("data",)),
        Action("mdm.hand_over.witness", "HandOver", groups=("console",)),
        Action("mdm.hand_over.withdraw", "HandOver", groups=("console",)),
    ],
    policies=policies_beside("mdm.equipment"),
)
