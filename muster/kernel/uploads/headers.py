"""The request headers of tus 1.0.0, read and written; every fault is a 400 that says which."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from muster.kernel.errors import Malformed
from muster.kernel.uploads.errors import VERSION, TusVersionUnknown

ALGORITHMS = ("sha256", "sha1")
EXTENSIONS = ("creation", "creation-with-upload", "checksum", "termination", "expiration")
CONTENT_TYPE = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,18}")
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,64}")  # printable ASCII without space and comma
_METADATA_BYTES = 8192


@dataclass(frozen=True)
class Checksum:
    """A checksum over one request's body (extension "checksum")."""

    algorithm: str
    digest: bytes

    def start(self) -> "hashlib._Hash":
        """Begin to hash a body."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def matches(self, digest: bytes) -> bool:
        """Say whether a body had this digest."""
        return hmac.compare_digest(self.digest, digest)


def check_version(value: str | None) -> None:
    """Refuse any protocol version but 1.0.0 (412)."""
    if value != VERSION:
        raise TusVersionUnknown


def parse_number(name: str, value: str | None) -> int:
    """Read Upload-Offset or Upload-Length: bytes, not negative."""
    if value is None or not _NUMBER.fullmatch(value):
        raise Malformed(f"{name} must be a number of bytes.")
    return int(value)


def parse_checksum(value: str | None) -> Checksum | None:
    """Read Upload-Checksum: algorithm, a space, base64 of the digest."""
    if value is None:
        return None
    algorithm, _, encoded = value.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Malformed(f"Upload-Checksum takes {' or '.join(ALGORITHMS)}.")
    digest = _decode("Upload-Checksum", encoded)
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise Malformed(f"Upload-Checksum is not as long as {algorithm} is.")
    return Checksum(algorithm, digest)


def parse_metadata(value: str | None) -> dict[str, str]:
    """Read Upload-Metadata: pairs of a key and the base64 of UTF-8 text, set off by commas."""
    if not value:
        return {}
    if len(value) > _METADATA_BYTES:
        raise Malformed(f"Upload-Metadata may have {_METADATA_BYTES} bytes at most.")
    pairs: dict[str, str] = {}
    for part in value.split(","):
        key, _, encoded = part.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in pairs:
            raise Malformed(f"Upload-Metadata has an impossible or repeated key: {key!r}.")
        try:
            text = _decode("Upload-Metadata", encoded).decode()
        except UnicodeDecodeError:
            raise Malformed(f"Upload-Metadata: {key} is not UTF-8.") from None
        if "\0" in text:
            raise Malformed(f"Upload-Metadata: {key} holds a NUL character.")
        pairs[key] = text
    return pairs


def format_metadata(pairs: Mapping[str, str]) -> str:
    """Write Upload-Metadata as `parse_metadata` reads it."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}".rstrip()
        for key, value in pairs.items()
    )


def _decode(name: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(f"{name} holds something that is not base64.") from None
