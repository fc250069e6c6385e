"""Which files the download centre takes, and what each one is: by its extension and its bytes.

The media type is ours, from this list; what a client says of its file counts for nothing. What a
computer would run, and what may hold such a thing, is `executable`: a second person looks at it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Final

from appstore.files.errors import FileIsApp, FileTypeRefused
from appstore.files.packed import names_in

_LOOKED_AT: Final = 64 * 1024
_APPS: Final = frozenset({"apk", "apks", "apkm", "xapk", "aab"})
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_RUN: Final = "application/octet-stream"
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
Holds = Callable[[bytes], bool]


@dataclass(frozen=True)
class Sort:
    """What a file is: its media type, and whether a computer would run it."""

    media_type: str
    executable: bool = False


def _starts(*magic: bytes) -> Holds:
    return lambda head: head.startswith(magic)


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and not head.startswith((b"MZ", b"PK\x03\x04", b"\x7fELF", b"%PDF-"))


def _opens(*marks: bytes) -> Holds:
    def holds(head: bytes) -> bool:
        return _is_text(head) and head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(marks)

    return holds


def _is_certificate(head: bytes) -> bool:
    return head.startswith((b"\x30\x82", b"-----BEGIN ")) and b"PRIVATE KEY" not in head


def _is_film(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


_ZIP, _OLE = _starts(b"PK\x03\x04"), _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_TABLE, _XML, _JSON = _starts(b"SQLite format 3\0"), _opens(b"<"), _opens(b"{", b"[")
_KNOWN: Final[dict[str, tuple[Holds, Sort]]] = {
    "pdf": (_starts(b"%PDF-"), Sort("application/pdf")),
    "txt": (_is_text, Sort("text/plain")),
    "md": (_is_text, Sort("text/markdown")),
    "csv": (_is_text, Sort("text/csv")),
    "docx": (_ZIP, Sort(f"{_OFFICE}.wordprocessingml.document")),
    "xlsx": (_ZIP, Sort(f"{_OFFICE}.spreadsheetml.sheet")),
    "pptx": (_ZIP, Sort(f"{_OFFICE}.presentationml.presentation")),
    "odt": (_ZIP, Sort(f"{_OPEN}.text")),
    "ods": (_ZIP, Sort(f"{_OPEN}.spreadsheet")),
    "odp": (_ZIP, Sort(f"{_OPEN}.presentation")),
    "doc": (_OLE, Sort("application/msword", executable=True)),
    "xls": (_OLE, Sort("application/vnd.ms-excel", executable=True)),
    "ppt": (_OLE, Sort("application/vnd.ms-powerpoint", executable=True)),
    "wps": (_OLE, Sort("application/vnd.ms-works", executable=True)),
    "png": (_starts(b"\x89PNG\r\n\x1a\n"), Sort("image/png")),
    "jpg": (_starts(b"\xff\xd8\xff"), Sort("image/jpeg")),
    "jpeg": (_starts(b"\xff\xd8\xff"), Sort("image/jpeg")),
    "webp": (_is_webp, Sort("image/webp")),
    "mp4": (_is_film, Sort("video/mp4")),
    "gpkg": (_TABLE, Sort("application/geopackage+sqlite3")),
    "mbtiles": (_TABLE, Sort("application/vnd.sqlite3")),
    "pmtiles": (_starts(b"PMTiles"), Sort("application/vnd.pmtiles")),
    "kml": (_XML, Sort("application/vnd.google-earth.kml+xml")),
    "kmz": (_ZIP, Sort("application/vnd.google-earth.kmz")),
    "gpx": (_XML, Sort("application/gpx+xml")),
    "geojson": (_JSON, Sort("application/geo+json")),
    "json": (_JSON, Sort("application/json")),
    "cer": (_is_certificate, Sort("application/pkix-cert")),
    "crt": (_is_certificate, Sort("application/pkix-cert")),
    "pem": (_is_certificate, Sort("application/x-pem-file")),
    "p7b": (_is_certificate, Sort("application/x-pkcs7-certificates")),
    "crl": (_is_certificate, Sort("application/pkix-crl")),
    "zip": (_ZIP, Sort("application/zip", executable=True)),
    "exe": (_starts(b"MZ"), Sort("application/vnd.microsoft.portable-executable", True)),
    "msi": (_OLE, Sort("application/x-msi", executable=True)),
    "msix": (_ZIP, Sort("application/msix", executable=True)),
    "ps1": (_is_text, Sort(_RUN, executable=True)),
    "bat": (_is_text, Sort(_RUN, executable=True)),
    "cmd": (_is_text, Sort(_RUN, executable=True)),
    "reg": (_starts(b"Windows Registry Editor", b"REGEDIT", b"\xff\xfeW\0"), Sort(_RUN, True)),
}
EXTENSIONS: Final = tuple(sorted(_KNOWN))


def plain_name(given: str) -> str:
    """Return the name a file is saved under: no folders, nothing invisible, 200 characters.

    Raises `FileTypeRefused` for one without an extension that is taken, `FileIsApp` for an app's.
    """
    name = _UNSEEN.sub("", PureWindowsPath(given).name).strip(" .")
    stem, _, extension = name.rpartition(".")
    extension = extension.lower()
    if extension in _APPS:
        raise FileIsApp
    if not stem or extension not in _KNOWN:
        raise FileTypeRefused(
            f"Files of these kinds are taken: {', '.join(EXTENSIONS)}.", extension=extension[:20]
        )
    return f"{stem[: 199 - len(extension)]}.{extension}"


def look(name: str, path: Path) -> Sort:
    """Say what a file is; `name` comes from `plain_name`.

    Raises `FileTypeRefused` if its bytes are not what the name says, `FileIsApp` for one in disguise.
    """
    holds, sort = _KNOWN[name.rpartition(".")[2]]
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    if not holds(head):
        raise FileTypeRefused(f"What is in {name} is not what its name says.")
    if holds is not _ZIP:
        return sort
    inside = names_in(path)
    if any(one == "AndroidManifest.xml" or one.lower().endswith(".apk") for one in inside):
        raise FileIsApp
    macros = any(one.rpartition("/")[2].lower() == "vbaproject.bin" for one in inside)
    return Sort(sort.media_type, executable=sort.executable or macros)
