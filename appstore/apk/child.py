"""What the inspecting child process does: read one upload. Only `sandbox` has it run.

The answer has `facts`, `icon` and `splits`, or the `code` and `detail` of an ApkError. The files
of a set's APKs are named by their place in the folder given.
"""

import base64
from pathlib import Path
from typing import Any

from .errors import ApkError
from .package import read_package


def main(path: str, folder: str) -> dict[str, Any]:
    """Read the upload at a path; the APKs of a set go into a folder."""
    try:
        package = read_package(Path(path), Path(folder))
    except ApkError as error:
        return {"code": error.code, "detail": error.detail}
    return {
        "facts": package.facts.as_dict(),
        "icon": {
            "path": package.icon.path,
            "data": base64.b64encode(package.icon.data).decode(),
            "media_type": package.icon.media_type,
        },
        "base": "" if package.base == Path(path) else package.base.name,
        "splits": [
            {
                "file": split.path.name,
                "name": split.name,
                "applies_to": split.applies_to,
                "sha256": split.sha256,
                "size": split.size,
            }
            for split in package.splits
        ],
    }
