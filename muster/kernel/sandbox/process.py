"""Our side of the child process: start it without our environment, and read what it answers."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

OUT_OF_MEMORY: Final = 3  # the child's exit code; a killed one has none of its own
_PROGRAM: Final = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space in bytes, processor and wall-clock time in seconds."""

    memory: int = 512 << 20
    processor_seconds: int = 15
    wall_seconds: float = 20.0


class TooCostly(Exception):
    """The child was ended; the message names what it took too much of."""


class ChildFailed(Exception):
    """The child broke off; the message is the end of what it wrote to standard error."""


def answer_of(
    folder: Path, module: str, *arguments: str, limits: Limits, data: bytes = b""
) -> dict[str, Any]:
    """Run `main(*arguments)` of a module below a folder, and return the object it returns.

    The folder joins the child's import path, so a module of ours is named without its package:
    that would bring the web framework and the database along, a second of start-up and a larger
    surface for nothing. `data` is the child's standard input. The child sees none of our
    environment: what hostile input could reach holds no secret.
    """
    bounds = (str(limits.memory), str(limits.processor_seconds))
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and our own program
            [sys.executable, "-I", str(_PROGRAM), str(folder), module, *bounds, *arguments],
            input=data,
            capture_output=True,
            env={},
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooCostly("time") from error
    if child.returncode == OUT_OF_MEMORY:
        raise TooCostly("memory")
    if child.returncode < 0:
        raise TooCostly("processor time or memory")
    if child.returncode:
        raise ChildFailed(child.stderr[-2000:].decode("utf-8", "replace"))
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer
