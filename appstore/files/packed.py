"""The names in a zip file, read with bounds: a hostile directory is refused before it is read.

PKWARE APPNOTE 4.3.16. Android packages have a stricter reader of their own (`appstore/apk`).
"""

import struct
import zipfile
from pathlib import Path
from typing import Final

from appstore.files.errors import FileTypeRefused

_END: Final = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT: Final = 65_535
_MOST_ENTRIES: Final = 20_000
_LARGEST_DIRECTORY: Final = 4 * 2**20


def names_in(path: Path) -> list[str]:
    """Return the names of a zip file's entries; `FileTypeRefused` if it cannot be read safely."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_COMMENT - _END.size - 20))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise FileTypeRefused("This packed file has no end; it was cut off.")
    entries, directory = _END.unpack_from(tail, at)[4:6]
    large = b"PK\x06\x07" in tail[max(0, at - 20) : at]  # zip64 counts elsewhere
    if large or entries > _MOST_ENTRIES or directory > _LARGEST_DIRECTORY:
        raise FileTypeRefused("This packed file holds more than is looked at.")
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileTypeRefused("This packed file is damaged.") from error
