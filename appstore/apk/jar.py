"""The v1 (JAR) signature, where an APK has one beside v2 or v3: it must hold as well.

No store trusts it (CVE-2017-13156: it covers neither the zip structure nor added bytes), but
Android before 7 reads nothing else, and a broken one is somebody's tampering or mistake.
Format: JAR File Specification, "Signed JAR File"; strict where Android's old verifier was lax.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from .archive import Archive
from .errors import ApkError
from .jar_block import verify_block
from .keys import Certificate

MAX_META = 16 << 20
MAX_CHECKED = 256 << 20
"""Inflated bytes; hashing more takes longer than a publisher is made to wait."""

_META, _MANIFEST = "META-INF/", "META-INF/MANIFEST.MF"
_BLOCKS = ".RSA", ".EC", ".DSA"
_FIRST_SDK_WITHOUT = 24
_HASHES = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_PROMISED = {"2": "v2", "3": "v3"}
_CODE = "v1_invalid"

Section = dict[str, str]


def is_jar_signed(names: Iterable[str]) -> bool:
    """Whether a signature file is there."""
    return any(_is_meta(name, (".SF",)) for name in names)


def verify_jar(
    archive: Archive, signer: Certificate, schemes: tuple[str, ...], min_sdk: int
) -> None:
    """ApkError unless the APK's v1 signature, if it has one, is whole and made by `signer`."""
    signed = [name for name in archive.names if _is_meta(name, (".SF",))]
    if not signed:
        return
    if len(signed) > 1:
        raise ApkError("several_signers", "The APK has several v1 signatures; it may have one.")
    claims = archive.read(signed[0], MAX_META)
    verify_block(_block(archive, signed[0]), claims, signer)
    head, named = _sections(claims)
    for number in head.get("x-android-apk-signed", "").split(","):
        scheme = _PROMISED.get(number.strip())
        if scheme and scheme not in schemes:
            raise ApkError("signature_stripped", f"The {scheme} signature v1 announces is missing.")
    manifest = archive.read(_MANIFEST, MAX_META) if _MANIFEST in archive else b""
    _check(head, "-digest-manifest", _MANIFEST, [manifest])
    _check_entries(archive, _sections(manifest)[1], named, min_sdk)


def _check_entries(
    archive: Archive, digests: dict[str, Section], named: dict[str, Section], min_sdk: int
) -> None:
    """Every file, and nothing but the files, is in the manifest with its own digest."""
    files = {
        name
        for name in archive.names
        if name != _MANIFEST and not name.endswith("/") and not _is_meta(name, (".SF", *_BLOCKS))
    }
    for name in sorted(files ^ set(digests)):
        raise ApkError(_CODE, f"{name} is not both in the APK and in its v1 signature.")
    for name in sorted(files - set(named)):
        raise ApkError(_CODE, f"The v1 signature does not name {name}.")
    if archive.inflated > MAX_CHECKED:
        if min_sdk < _FIRST_SDK_WITHOUT:
            raise ApkError("v1_too_large", "So large an app must do without v1: set minSdk 24.")
        return  # no Android that can install the app reads it
    for name in sorted(files):
        _check(digests[name], "-digest", name, archive.pieces(name))


def _check(section: Section, suffix: str, name: str, content: Iterable[bytes]) -> None:
    """Compare one content with the digest of an accepted kind that a section has for it."""
    claims = [(kind, section.get(f"{kind}{suffix}".lower())) for kind in _HASHES]
    kind, claim = next(((kind, claim) for kind, claim in claims if claim), ("", ""))
    if not claim:
        raise ApkError("v1_weak", f"{name} has no SHA-256 in the v1 signature; sign it again.")
    state = hashlib.new(_HASHES[kind])
    for piece in content:
        state.update(piece)
    try:
        wanted = base64.b64decode(claim, validate=True)
    except binascii.Error as error:
        raise ApkError(_CODE, f"The v1 digest of {name} is no digest.") from error
    if wanted != state.digest():
        raise ApkError(_CODE, f"{name} was changed after the v1 signature; sign the APK again.")


def _block(archive: Archive, signed: str) -> bytes:
    stem = signed[: -len(".SF")]
    for name in archive.names:
        if _is_meta(name, _BLOCKS) and name.rpartition(".")[0] == stem:
            return archive.read(name, MAX_META)
    raise ApkError(_CODE, f"{signed} has no signature block beside it.")


def _is_meta(name: str, suffixes: tuple[str, ...]) -> bool:
    path = PurePosixPath(name)
    return str(path.parent) + "/" == _META and path.name.upper().endswith(suffixes)


def _sections(data: bytes) -> tuple[Section, dict[str, Section]]:
    """The main section, and the others by the name each begins with; attributes in lower case."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ApkError(_CODE, "The v1 signature is not UTF-8.") from error
    head, *others = text.replace("\n ", "").split("\n\n")
    named: dict[str, Section] = {}
    for other in others:
        section = _attributes(other)
        if section and section.get("name", "") in {"", *named}:
            raise ApkError(_CODE, "A section of the v1 signature has no name, or another's.")
        if section:
            named[section["name"]] = section
    return _attributes(head), named


def _attributes(text: str) -> Section:
    found: Section = {}
    for line in filter(None, text.split("\n")):
        name, colon, value = line.partition(": ")
        if not colon or name.lower() in found:
            raise ApkError(_CODE, "A line of the v1 signature is no attribute, or comes twice.")
        found[name.lower()] = value
    return found
