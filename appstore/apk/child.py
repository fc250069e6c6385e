"""What the inspecting child process does: inspect one APK. Only `sandbox` has it run.

The answer has `facts`, or the `code` and `detail` of an ApkError.
"""

from pathlib import Path
from typing import Any

from .errors import ApkError
from .inspect import inspect_apk


def main(path: str) -> dict[str, Any]:
    """Inspect the APK at a path."""
    try:
        return {"facts": inspect_apk(Path(path)).as_dict()}
    except ApkError as error:
        return {"code": error.code, "detail": error.detail}
