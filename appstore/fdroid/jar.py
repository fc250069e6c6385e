"""Signed JARs around one file, as F-Droid clients verify them (JAR File Specification).

No Java: a manifest, a signature file and its PKCS#7 block, then the file. Times are fixed, so with
RSA the same file under the same key gives the same bytes.
"""

import hashlib
import struct
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from appstore.fdroid.keys import Signer
from appstore.fdroid.splice import Spliced, whole

MEDIA_TYPE: Final = "application/java-archive"
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_VERSION, _DEFLATED, _MIDNIGHT, _NEW_YEAR_1980 = 20, 8, 0, 0x21


@dataclass(frozen=True)
class _Member:
    name: bytes
    content: Spliced


def signed(signer: Signer, name: str, content: Spliced) -> bytes:
    """Return a JAR that holds `content` under `name` (at most 64 letters) and is signed by `signer`."""
    section = f"Name: {name}\r\nSHA-256-Digest: {_base64(content.digest)}\r\n\r\n".encode()
    manifest = b"Manifest-Version: 1.0\r\n\r\n" + section
    signature_file = (
        "Signature-Version: 1.0\r\n"
        f"SHA-256-Digest-Manifest: {_sum(manifest)}\r\n\r\n"
        f"Name: {name}\r\nSHA-256-Digest: {_sum(section)}\r\n\r\n"
    ).encode()
    return _zipped(
        [
            _Member(b"META-INF/MANIFEST.MF", whole(manifest)),
            _Member(b"META-INF/REPO.SF", whole(signature_file)),
            _Member(b"META-INF/REPO.RSA", whole(signer.sign(signature_file))),
            _Member(name.encode(), content),
        ]
    )


def _zipped(members: list[_Member]) -> bytes:
    """Return a zip of these members. The index is deflated already, which `zipfile` cannot take."""
    body, directory = bytearray(), bytearray()
    for member in members:
        packed, name = member.content.deflated, member.name
        facts = (
            _VERSION,
            0,
            _DEFLATED,
            _MIDNIGHT,
            _NEW_YEAR_1980,
            member.content.crc32,
            len(packed),
            member.content.size,
            len(name),
            0,
        )
        directory += _CENTRAL.pack(b"PK\x01\x02", _VERSION, *facts, 0, 0, 0, 0, len(body)) + name
        body += _LOCAL.pack(b"PK\x03\x04", *facts) + name + packed
    count, size = len(members), len(directory)
    return bytes(
        body + directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, size, len(body), 0)
    )


def _sum(data: bytes) -> str:
    return _base64(hashlib.sha256(data).digest())


def _base64(digest: bytes) -> str:
    return b64encode(digest).decode()
