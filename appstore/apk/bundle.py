"""Reading a web app's bundle of static files: a zip under the same strict rules as an APK's.

What is refused: names that leave the folder, twins, encryption, unknown methods, headers that
differ, overlaps, bombs, and content that is not what the directory says.
"""

from pathlib import Path
from typing import Final

from .archive import Archive
from .errors import ApkError
from .sections import read_sections

INDEX: Final = "index.html"
MAX_FILES: Final = 5_000
MAX_INFLATED: Final = 200 << 20


def read_bundle(path: Path) -> int:
    """Read every file of a bundle and return how many there are; ApkError if it is not accepted."""
    with path.open("rb", buffering=0) as file:
        archive = Archive(read_sections(file))
        names = [name for name in archive.names if not name.endswith("/")]
        if len(names) > MAX_FILES:
            raise ApkError("bundle_files", f"A bundle holds at most {MAX_FILES} files.")
        if INDEX not in names:
            raise ApkError("bundle_index_missing", f"A bundle needs an {INDEX} at its top.")
        left = MAX_INFLATED
        for name in names:
            left -= len(archive.read(name, left))
    return len(names)


def main(path: str) -> dict[str, int | str]:
    """Read one bundle in a child process; `files`, or the `code` and `detail` of an ApkError."""
    try:
        return {"files": read_bundle(Path(path))}
    except ApkError as error:
        return {"code": error.code, "detail": error.detail}
