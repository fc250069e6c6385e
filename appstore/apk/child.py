"""The inspecting child process: limits itself, inspects one APK, answers in JSON on stdout.

The answer has `facts`, or the `code` and `detail` of an ApkError. Only `sandbox` runs this.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from .errors import ApkError
from .inspect import inspect_apk


def main(path: str, memory: str, seconds: str) -> None:
    """Inspect under limits of address space in bytes and processor time in whole seconds."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    try:
        answer: dict[str, Any] = {"facts": inspect_apk(Path(path)).as_dict()}
    except ApkError as error:
        answer = {"code": error.code, "detail": error.detail}
    except MemoryError:
        answer = {"code": "apk_too_costly", "detail": "Inspecting the APK needs too much memory."}
    json.dump(answer, sys.stdout)
