"""Reading an upload: in a limited child process, two at a time, no transaction open."""

import threading
from collections.abc import Iterator
from typing import Any, Final

from appstore.apk import ApkError, Package, read_package
from appstore.apk.sandbox import read_in_subprocess
from appstore.releases.spool import Spooled
from muster.kernel.settings import Settings

LARGEST_CODE: Final = 2**53 - 1
"""Above this JSON readers disagree about integers (RFC 8259 §6), and terminals compare hashes."""
_turns = threading.BoundedSemaphore(2)  # a child may take half a gigabyte


def inspect(settings: Settings, upload: Spooled) -> Package:
    """Return what an upload holds, or raise `ApkError` if it cannot be accepted."""
    read = read_in_subprocess if settings.sandbox_apks else read_package
    with _turns:
        package = read(upload.path, upload.folder)
    facts = package.facts
    if facts.version_code > LARGEST_CODE:
        raise ApkError("version_code", f"The version code must not exceed {LARGEST_CODE}.")
    if any(not _storable(text) for text in _texts(facts.as_dict())):
        raise ApkError("manifest_invalid", "The manifest holds characters that are no text.")
    return package


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
