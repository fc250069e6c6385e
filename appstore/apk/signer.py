"""One signer of an APK signature scheme (v2, v3 or v3.1): its signatures checked, its claims read.

Format: Android "APK Signature Scheme v2" and "v3", section "Verification".
"""

from dataclasses import dataclass

from .cursor import Cursor
from .errors import ApkError
from .keys import Certificate, algorithm, load_certificate, load_public_key

ANY_SDK = (0, 0x7FFFFFFF)

_CODE = "signature_corrupt"
_MAX_LIST = 16


@dataclass(frozen=True, slots=True)
class Signer:
    """What a signer has verifiably signed: content digests by algorithm id, and attributes."""

    certificate: Certificate
    digests: dict[int, bytes]
    attributes: dict[int, bytes]
    sdk_range: tuple[int, int]
    """Lowest and highest Android SDK the signer speaks for (v3 and later)."""

    def attribute_number(self, identifier: int) -> int | None:
        """An attribute holding one u32, or None when it is absent."""
        value = self.attributes.get(identifier)
        if value is not None and len(value) != 4:
            raise ApkError(_CODE, f"The attribute {identifier:#x} is not a number.")
        return None if value is None else int.from_bytes(value, "little")


def read_signer(value: bytes, *, has_sdk_range: bool) -> Signer:
    """The only signer in a scheme's value, once each of its signatures has been verified."""
    outer = Cursor(value, _CODE)
    signers = outer.sequence(_MAX_LIST)
    outer.finish()
    if len(signers) != 1:
        raise ApkError(
            "several_signers",
            f"The APK has {len(signers)} signers; this store takes apps with exactly one.",
        )
    block = signers[0]
    signed_data = block.prefixed()
    outer_range = _sdk_range(block) if has_sdk_range else ANY_SDK
    signatures = _pairs(block)
    public_key = load_public_key(block.prefixed())
    block.finish()
    if not signatures:
        raise ApkError(_CODE, "A signer has no signature.")
    for identifier, signature in signatures.items():
        public_key.verify(identifier, signature, signed_data)
    signer = _read_signed_data(signed_data, has_sdk_range)
    if signer.certificate.public_key.spki != public_key.spki:
        raise ApkError(_CODE, "The signer's certificate belongs to another key.")
    if list(signer.digests) != list(signatures):
        raise ApkError(_CODE, "Digests and signatures use different algorithms.")
    if signer.sdk_range != outer_range:
        raise ApkError(_CODE, "The signed and the unsigned Android range differ.")
    return signer


def _read_signed_data(signed_data: bytes, has_sdk_range: bool) -> Signer:
    cursor = Cursor(signed_data, _CODE)
    digests = _pairs(cursor)
    certificates = cursor.sequence(_MAX_LIST)
    sdk_range = _sdk_range(cursor) if has_sdk_range else ANY_SDK
    attributes = _attributes(cursor)
    # What follows is not read: apksigner itself appends an empty field, and it is signed anyway.
    if not certificates:
        raise ApkError(_CODE, "A signer has no certificate.")
    return Signer(load_certificate(certificates[0].rest()), digests, attributes, sdk_range)


def _pairs(cursor: Cursor) -> dict[int, bytes]:
    """A list of (algorithm id, length-prefixed bytes), in order; unknown ids are refused."""
    pairs: dict[int, bytes] = {}
    for element in cursor.sequence(_MAX_LIST):
        identifier = element.u32()
        algorithm(identifier)
        if identifier in pairs:
            raise ApkError(_CODE, f"The algorithm {identifier:#06x} is listed twice.")
        pairs[identifier] = element.prefixed()
        element.finish()
    return pairs


def _attributes(cursor: Cursor) -> dict[int, bytes]:
    attributes: dict[int, bytes] = {}
    for element in cursor.sequence(_MAX_LIST):
        identifier = element.u32()
        if identifier in attributes:
            raise ApkError(_CODE, f"The attribute {identifier:#x} is listed twice.")
        attributes[identifier] = element.rest()
    return attributes


def _sdk_range(cursor: Cursor) -> tuple[int, int]:
    lowest, highest = cursor.u32(), cursor.u32()
    if lowest > highest:
        raise ApkError(_CODE, "A signer's Android range is empty.")
    return lowest, highest
