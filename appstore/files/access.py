"""What the guard must know about the download centre.

Officers need a compliant terminal (group `data`), or the console. `member` says whether whoever
asks belongs to the file's audience; `required` that their terminal must have the file.
"""

from appstore.files.models import StoreFile
from muster.kernel.guard import (
    Action,
    Attribute,
    Audited,
    Fragment,
    ResourceType,
    policies_beside,
)

_TERMINAL = ("Terminal",)

FRAGMENT = Fragment(
    name="appstore.files",
    resources=[
        ResourceType("StoreFile", {"unit": Attribute("Unit", StoreFile.unit_id)}),
        ResourceType("FileAssignment", {"unit": Attribute("Unit"), "own": Attribute("Bool")}),
        ResourceType(
            "ShelfFile",
            {
                "audience": Attribute("String"),
                "member": Attribute("Bool"),
                "required": Attribute("Bool"),
            },
        ),
    ],
    actions=[
        Action("app.file.read", "Force"),
        Action("app.file.create", "StoreFile"),
        Action("app.file.edit", "StoreFile"),
        Action("app.file.submit", "StoreFile"),
        Action("app.file.publish", "StoreFile", approval=True),
        Action(
            "app.file.publish.approve",
            "StoreFile",
            groups=("console",),
            step_up=True,
            internal=True,
        ),
        Action("app.file.withdraw", "StoreFile"),
        Action("app.file.assign", "FileAssignment", groups=("console",)),
        Action("app.shelf.list", "Force", groups=("data",), scope="apps", audited=Audited.COUNTED),
        Action(
            "app.shelf.download",
            "ShelfFile",
            groups=("data",),
            scope="apps",
            audited=Audited.COUNTED,
        ),
        Action("app.agent.list_files", "Force", principals=_TERMINAL, audited=Audited.COUNTED),
        Action(
            "app.agent.download_file", "ShelfFile", principals=_TERMINAL, audited=Audited.COUNTED
        ),
    ],
    policies=policies_beside("appstore.files"),
)
