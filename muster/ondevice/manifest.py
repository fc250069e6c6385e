"""Signed lists of what a terminal may install: packages, maps, hot lists, desired state.

A manifest is a JSON object `{kind, id, version, files: [{name, sha256, size}], expires, …}`. It
travels sealed: `{manifest, key_id, algorithm, signature}`. The signature covers the canonical
JSON (RFC 8785) of `{type, manifest, key_id, algorithm}`, so neither the key nor the algorithm can
be exchanged. The cryptography is the caller's: this floor imports none.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from muster.ondevice.canonical import CanonicalError, canonical_json

Sign = Callable[[bytes], bytes]
Verify = Callable[[str, str, bytes, bytes], bool]
"""(key_id, algorithm, payload, signature) -> whether a trusted key made this signature."""

_TYPE = "muster.manifest.v1"
_ENVELOPE = frozenset({"manifest", "key_id", "algorithm", "signature"})
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20


class ManifestError(ValueError):
    """The manifest or a file of it must not be used; the sentence says why."""


def seal(manifest: Mapping[str, Any], sign: Sign, key_id: str, algorithm: str) -> dict[str, Any]:
    """Return the sealed form of a well-formed manifest, the signature in unpadded base64url."""
    content = dict(manifest)
    _require_manifest(content)
    signature = sign(_payload(content, key_id, algorithm))
    return {
        "manifest": content,
        "key_id": key_id,
        "algorithm": algorithm,
        "signature": base64.urlsafe_b64encode(signature).rstrip(b"=").decode(),
    }


def check(sealed: Any, verify: Verify, now: datetime, *, kind: str | None = None) -> dict[str, Any]:
    """Return the manifest of a sealed one that is genuine, well formed and not expired.

    `now` is aware. Give `kind` wherever only one kind is acceptable: a genuine manifest of
    another kind is refused. Whether id and version are the ones wanted is the caller's question.
    """
    content, key_id, algorithm, signature = _opened(sealed)
    if not verify(key_id, algorithm, _payload(content, key_id, algorithm), signature):
        raise ManifestError(f"the signature does not fit the manifest and the key {key_id!r}")
    _require_manifest(content)
    if kind is not None and content["kind"] != kind:
        raise ManifestError(f"this is a manifest of kind {content['kind']!r}, wanted {kind!r}")
    if now >= _expiry(content):
        raise ManifestError(f"the manifest expired at {content['expires']}; fetch a newer one")
    return content


def check_file(path: Path, entry: Mapping[str, Any]) -> None:
    """Compare a file with its manifest entry by size, then by SHA-256; raise if they differ."""
    _require_entry(entry)
    try:
        size = path.stat().st_size
        if size != entry["size"]:
            raise ManifestError(f"{entry['name']} has {size} bytes, wanted {entry['size']}")
        digest = hashlib.sha256()
        with path.open("rb") as content:
            while block := content.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise ManifestError(f"{entry['name']} cannot be read: {error.strerror}") from error
    if digest.hexdigest() != entry["sha256"]:
        raise ManifestError(f"the content of {entry['name']} is not the one in the manifest")


def _payload(content: dict[str, Any], key_id: str, algorithm: str) -> bytes:
    signed = {"type": _TYPE, "manifest": content, "key_id": key_id, "algorithm": algorithm}
    try:
        return canonical_json(signed)
    except CanonicalError as error:
        raise ManifestError(f"the manifest is not plain JSON: {error}") from error


def _opened(sealed: Any) -> tuple[dict[str, Any], str, str, bytes]:
    if not isinstance(sealed, dict):
        raise ManifestError("a sealed manifest is a JSON object")
    if unknown := sealed.keys() - _ENVELOPE:
        raise ManifestError(
            f"unknown fields in the envelope: {', '.join(sorted(map(str, unknown)))}"
        )
    if missing := _ENVELOPE - sealed.keys():
        raise ManifestError(f"the envelope lacks {', '.join(sorted(missing))}")
    content = sealed["manifest"]
    if not isinstance(content, dict):
        raise ManifestError("the envelope's manifest is not a JSON object")
    key_id, algorithm, signature = (sealed[name] for name in ("key_id", "algorithm", "signature"))
    if not all(isinstance(part, str) and part for part in (key_id, algorithm, signature)):
        raise ManifestError("key_id, algorithm and signature are texts and not empty")
    return content, key_id, algorithm, _signature(signature)


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ManifestError("the signature is not base64url") from error


def _require_manifest(content: dict[str, Any]) -> None:
    for name in ("kind", "id", "version"):
        if not isinstance(content.get(name), str) or not content[name]:
            raise ManifestError(f"the manifest lacks {name}, a text")
    _expiry(content)
    files = content.get("files")
    if not isinstance(files, list):
        raise ManifestError("the manifest lacks files, a list")
    for entry in files:
        _require_entry(entry)
    if len({entry["name"] for entry in files}) < len(files):
        raise ManifestError("the manifest lists a file twice")


def _require_entry(entry: Any) -> None:
    if not isinstance(entry, Mapping):
        raise ManifestError("a file of a manifest is an object {name, sha256, size}")
    name, sha256, size = entry.get("name"), entry.get("sha256"), entry.get("size")
    if not isinstance(name, str) or not _stays_inside(name):
        raise ManifestError(f"{name!r} is no file name relative to the package")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ManifestError(f"the sha256 of {name} is not 64 lower-case hex digits")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ManifestError(f"the size of {name} is not a number of bytes")


def _stays_inside(name: str) -> bool:
    """Whether unpacking under this name cannot leave the folder, on any system's path rules."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and not set("\\:\0") & set(name)
        and ".." not in parts
    )


def _expiry(content: dict[str, Any]) -> datetime:
    try:
        expires = datetime.fromisoformat(content["expires"])
    except (KeyError, TypeError, ValueError) as error:
        raise ManifestError("the manifest lacks expires, an RFC 3339 time") from error
    if expires.tzinfo is None:
        raise ManifestError("the manifest's expires has no time zone")
    return expires
