"""Reading an uploaded APK: in a limited child process, two at a time, no transaction open."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from appstore.apk import ApkError, ApkFacts, inspect_apk, inspect_in_subprocess
from muster.kernel.settings import Settings

LARGEST_CODE: Final = 2**53 - 1
"""Above this JSON readers disagree about integers (RFC 8259 §6), and terminals compare hashes."""
_turns = threading.BoundedSemaphore(2)  # a child may take half a gigabyte


def inspect(settings: Settings, path: Path) -> ApkFacts:
    """Return the facts of an APK, or raise `ApkError` if it cannot be accepted."""
    with _turns:
        facts = inspect_in_subprocess(path) if settings.sandbox_apks else inspect_apk(path)
    if facts.version_code > LARGEST_CODE:
        raise ApkError("version_code", f"The version code must not exceed {LARGEST_CODE}.")
    if any(not _storable(text) for text in _texts(facts.as_dict())):
        raise ApkError("manifest_invalid", "The manifest holds characters that are no text.")
    return facts


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value))
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _storable(text: str) -> bool:
    """Databases take no NUL, and UTF-8 no lone surrogate."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
