"""Reading the files that an operator brings: pinned roots, and Google's list of revoked keys. Pure.

Formats: `roots.json` (a JSON array of PEM certificates) or plain PEM; the status list as served at
android.googleapis.com/attestation/status. A file is taken whole or not at all.
"""

import json
import re
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from mdm.attestation.chain import UNREADABLE, pin
from mdm.attestation.errors import ListInvalid

MOST_BYTES: Final = 64 * 1024 * 1024
_SERIAL: Final = re.compile(r"[0-9a-fA-F]{1,64}")
_STATUS: Final = re.compile(r"[A-Z_]{1,32}")
_PACKAGE: Final = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def roots(data: bytes) -> dict[str, str]:
    """Return `{pin: subject}` of every root. Raises `ListInvalid`.

    A root must have signed itself. The emulator's are refused: their private keys are public.
    """
    text = _text(data)
    pems = _json(text) if text.lstrip().startswith("[") else [text]
    if not isinstance(pems, list) or not all(isinstance(pem, str) for pem in pems):
        raise ListInvalid("The file must hold PEM certificates, or a JSON array of them.")
    try:
        found = [
            root for pem in pems for root in x509.load_pem_x509_certificates(pem.encode("utf-8"))
        ]
        for root in found:
            root.verify_directly_issued_by(root)
        pins = {pin(root): root.subject.rfc4514_string()[:255] for root in found}
    except (*UNREADABLE, InvalidSignature) as error:
        raise ListInvalid("A certificate cannot be read or did not sign itself.") from error
    if not pins:
        raise ListInvalid("The file holds no root.")
    if soft := [name for name in pins.values() if "software attestation" in name.lower()]:
        raise ListInvalid(f"{soft[0]} is an emulator's root: everybody has its private key.")
    return pins


def statuses(data: bytes) -> dict[str, str]:
    """Return `{serial: status}`; serials in lower-case hex without leading zeros.

    Whatever stands on the list is not to be trusted, REVOKED or SUSPENDED or a word that will
    only be invented. Raises `ListInvalid` naming the entry at fault.
    """
    document = _json(_text(data))
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, dict):
        raise ListInvalid('The file must be a JSON object with "entries".')
    return dict(_entry(serial, entry) for serial, entry in entries.items())


def agent(package: str, signer: str) -> tuple[str, str]:
    """Return an agent's package name and its signer's SHA-256 in plain hex. Raises `ListInvalid`."""
    digest = signer.replace(":", "").lower()
    if not _PACKAGE.fullmatch(package) or not _DIGEST.fullmatch(digest):
        raise ListInvalid("Give a package name, and the SHA-256 of the signing certificate in hex.")
    return package, digest


def _entry(serial: str, entry: object) -> tuple[str, str]:
    status = entry.get("status") if isinstance(entry, dict) else None
    if (
        not _SERIAL.fullmatch(serial)
        or not isinstance(status, str)
        or not _STATUS.fullmatch(status)
    ):
        raise ListInvalid(f"The entry {serial[:70]!r} is not a serial number with a status.")
    return serial.lower().lstrip("0") or "0", status


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise ListInvalid("The file is larger than 64 MiB.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ListInvalid("The file is not UTF-8 text.") from error


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ListInvalid(f"The file is not JSON: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that comes twice: readers differ on which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found
