"""What the guard must know about assignments."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

WRITE = "app.assignment.write"
IMPOSE = "app.assignment.impose"
FRAGMENT = Fragment(
    name="appstore.assignments",
    resources=[
        ResourceType(
            "Assignment",
            {
                "unit": Attribute("Unit"),
                "own": Attribute("Bool"),
                "audience": Attribute("String"),
                "mode": Attribute("String"),
            },
        )
    ],
    actions=[
        Action(WRITE, "Assignment", groups=("console",)),
        Action(IMPOSE, "Assignment", groups=("console",), step_up=True),
    ],
    policies=policies_beside("appstore.assignments"),
)
