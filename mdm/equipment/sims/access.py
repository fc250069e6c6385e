"""What the guard must know about SIM cards."""

from mdm.equipment.sims.models import Sim
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="mdm.equipment.sims",
    resources=[ResourceType("Sim", {"unit": Attribute("Unit", Sim.unit_id)})],
    actions=[
        Action("mdm.sim.list", "Force", groups=("console",)),
        Action("mdm.sim.read", "Sim", groups=("console",)),
        Action("mdm.sim.import", "Force", groups=("console",)),
        Action("mdm.sim.register", "Sim", groups=("console",)),
        Action("mdm.sim.change", "Sim", groups=("console",)),
    ],
    policies=policies_beside("mdm.equipment.sims"),
)
