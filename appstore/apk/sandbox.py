"""Inspection of a hostile APK in a child process that may neither grow nor linger."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .errors import ApkError
from .facts import ApkFacts

_log = logging.getLogger(__name__)

# The child imports this folder as a package of its own: `appstore` would bring the web framework
# and the database along, a second of start-up and a larger surface for nothing.
_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); from {}.child import main; main(*sys.argv[2:])"
)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space in bytes, processor and wall-clock time in seconds."""

    memory: int = 512 << 20
    processor_seconds: int = 15
    wall_seconds: float = 20.0


def inspect_in_subprocess(path: Path, limits: Limits | None = None) -> ApkFacts:
    """`inspect_apk(path)` in a limited child; ApkError("apk_too_costly") when that is not enough.

    The child sees none of our environment: what a hostile APK could reach holds no secret.
    """
    allowed = limits or Limits()
    with path.open("rb"):  # a missing file is our mistake, not the APK's: let it be an OSError
        pass
    command = [
        *(sys.executable, "-I", "-c", _PROGRAM.format(_FOLDER.name), str(_FOLDER.parent)),
        *(str(path.resolve()), str(allowed.memory), str(allowed.processor_seconds)),
    ]
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and our own program
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={},
            timeout=allowed.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_costly("time") from error
    return _read_answer(child)


def _read_answer(child: subprocess.CompletedProcess[bytes]) -> ApkFacts:
    if child.returncode < 0:
        raise _too_costly("processor time or memory")
    if child.returncode:
        _log.error("APK inspection failed: %s", child.stderr[-2000:].decode("utf-8", "replace"))
        raise ApkError("apk_unreadable", "The inspection failed on this APK; see the server log.")
    answer = json.loads(child.stdout)
    if "code" in answer:
        raise ApkError(answer["code"], answer["detail"])
    return ApkFacts.from_dict(answer["facts"])


def _too_costly(resource: str) -> ApkError:
    return ApkError("apk_too_costly", f"Inspecting this APK takes too much {resource}.")
