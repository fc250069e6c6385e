"""Which crashes are the same one: the kind of fault and the top frames, without what varies. Pure."""

import hashlib
import re
from typing import Final

from mdm.telemetry.scrubbing import scrub

_FRAMES: Final = 8
_LONGEST: Final = 300
_JAVA = re.compile(r"^\s*at\s+(?P<place>[\w$.<>/]+)\(")
_NATIVE = re.compile(r"^\s*#\d+\s+pc\s+[0-9a-f]+\s+(?P<place>\S+(?:\s+\([^)+]*)?)")
_PYTHON = re.compile(r'^\s*File "(?P<file>[^"]*)", line \d+, in (?P<function>\S+)')
_GENERATED = re.compile(
    r"(?:\$\$?(?:Lambda|ExternalSyntheticLambda|r8)[\w$/]*|\$\d+|0x[0-9a-f]+|@[0-9a-f]+)"
)
_NUMBERS = re.compile(r"\d+")  # fmt: skip


def title(text: str) -> str:
    """Return the line that says what went wrong, scrubbed: the exception, or the first line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    told = lines[-1] if lines[0].startswith("Traceback") else lines[0]
    return scrub(told)[:_LONGEST]


def frames(text: str) -> tuple[str, ...]:
    """Return the top frames without line numbers, addresses and generated names."""
    found = [place for line in text.splitlines() if (place := _place(line))]
    if text.lstrip().startswith("Traceback"):
        found.reverse()  # Python prints the innermost frame last
    return tuple(found[:_FRAMES])


def fingerprint(text: str) -> str:
    """Return the SHA-256 that crashes of one cause share.

    Without any frame that can be read, the title without its numbers stands for them.
    """
    told = _NUMBERS.sub("0", _GENERATED.sub("", title(text)))
    shape = (told.partition(":")[0], *frames(text)) if frames(text) else (told,)
    return hashlib.sha256("\n".join(shape).encode()).hexdigest()


def _place(line: str) -> str:
    python = _PYTHON.match(line)
    if python:
        return f"{python['file'].rpartition('/')[2]}:{python['function']}"
    match = _JAVA.match(line) or _NATIVE.match(line)
    return _GENERATED.sub("", match["place"]).strip() if match else ""
