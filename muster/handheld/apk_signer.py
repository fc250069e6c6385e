"""Who signed an APK, read from its signing block (source.android.com, "APK Signature Scheme v2/v3").

Only the certificate is read. That the file is the one that was released is shown by its SHA-256 in
the signed desired state; Android's own installer verifies the signature over the content.
"""

import hashlib
import struct

from muster.handheld.errors import FileDamaged

_MAGIC = b"APK Sig Block 42"
_SCHEMES = (0xF05368C0, 0x7109871A)  # v3 before v2


def signer_of(apk: bytes) -> str:
    """Return the SHA-256 of the signing certificate in hex; `FileDamaged` if there is none."""
    try:
        blocks = _pairs(apk)
        scheme = next(number for number in _SCHEMES if number in blocks)
        signers = _first(blocks[scheme])
        signed_data = _first(_first(signers))
        _, certificates = _split(signed_data)
        return hashlib.sha256(_first(_first(certificates))).hexdigest()
    except (struct.error, StopIteration, ValueError) as error:
        raise FileDamaged("This app is not signed as Android asks.") from error


def _pairs(apk: bytes) -> dict[int, bytes]:
    """Return the signing block's values by id."""
    end = apk.rindex(b"PK\x05\x06")
    directory, _ = struct.unpack_from("<IH", apk, end + 16)
    if apk[directory - 16 : directory] != _MAGIC:
        raise ValueError("there is no signing block")
    (size,) = struct.unpack_from("<Q", apk, directory - 24)
    at, found = directory - size, {}
    while at < directory - 24:
        length, number = struct.unpack_from("<QI", apk, at)
        found[number] = apk[at + 12 : at + 8 + length]
        at += 8 + length
    return found


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Split off what stands behind a 32-bit length; the rest begins after it."""
    (length,) = struct.unpack_from("<I", data)
    if length > len(data) - 4:
        raise ValueError("a length goes beyond the end")
    return data[4 : 4 + length], data[4 + length :]


def _first(data: bytes) -> bytes:
    return _split(data)[0]
