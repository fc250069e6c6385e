"""What the guard must know about loading files."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="field.imports",
    resources=[ResourceType("Import", {"kind": Attribute("String")})],
    actions=[
        Action("field.import.run", "Import", groups=("console",), principals=("Officer", "System")),
        Action("field.import.list", "Force", groups=("console",)),
    ],
    policies=policies_beside("mobile_api.imports"),
)
