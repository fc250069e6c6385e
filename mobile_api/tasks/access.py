"""What the guard must know about tasks."""

from mobile_api.tasks.models import Task
from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="field.tasks",
    resources=[ResourceType("Task", {"unit": Attribute("Unit", Task.unit_id)})],
    actions=[
        # decided for each unit when a terminal pulls; its routes are offline sync's
        Action("field.task.read", "Task", groups=("data",), internal=True, scope="tasks")
    ],
    policies=policies_beside("mobile_api.tasks"),
)
