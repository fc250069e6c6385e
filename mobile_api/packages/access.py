"""What the guard must know about packages."""

from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

_DATA = ("data",)

FRAGMENT = Fragment(
    name="field.packages",
    resources=[ResourceType("FieldPackage", {"kind": Attribute("String")})],
    actions=[
        Action("field.package.list", "Force", groups=_DATA, audited=Audited.COUNTED, scope="sync"),
        Action("field.package.download", "FieldPackage", groups=_DATA, scope="sync"),
        Action("field.package.keys", "Force", audited=Audited.COUNTED, scope="sync"),
    ],
    policies=policies_beside("mobile_api.packages"),
)
