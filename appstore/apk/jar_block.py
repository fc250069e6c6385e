"""The signature block of a v1 signature: a detached PKCS #7 signature over the signature file.

Format: RFC 5652, 5.1 to 5.6 (SignedData and SignerInfo).
"""

import hashlib

from .der import CONTEXT_0, CONTEXT_1, INTEGER, OCTETS, OID, SEQUENCE, SET, Node, Walk, read_der
from .errors import ApkError
from .keys import Certificate

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_HASHES = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
_PSS = bytes.fromhex("2a864886f70d01010a")
_CODE = "v1_invalid"


def verify_block(block: bytes, content: bytes, signer: Certificate) -> None:
    """ApkError unless `block` is one signature over `content`, made with the key of `signer`."""
    info = _signer_info(block)
    info.take(INTEGER)
    info.take(SEQUENCE)  # issuer and serial number: the key itself decides
    hash_name = _HASHES.get(_oid(info.take(SEQUENCE)))
    attributes = info.optional(CONTEXT_0)
    algorithm = _oid(info.take(SEQUENCE))
    signature = info.take(OCTETS).content
    if hash_name is None or algorithm == _PSS:
        raise ApkError("v1_weak", "The v1 signature needs SHA-256 with RSA or ECDSA; sign again.")
    signed = content
    if attributes is not None:
        if _message_digest(attributes) != hashlib.new(hash_name, content).digest():
            raise ApkError(_CODE, "The v1 signature is another file's; sign the APK again.")
        signed = bytes([SET]) + attributes.encoded[1:]
    try:
        signer.public_key.verify_plain(signature, signed, hash_name)
    except ApkError as error:
        detail = "The v1 signature was not made with the key of the others; sign the APK again."
        raise ApkError(_CODE, detail) from error


def _signer_info(block: bytes) -> Walk:
    outer = Walk(_expect(read_der(block), SEQUENCE))
    if outer.take(OID).content != _SIGNED_DATA:
        raise ApkError(_CODE, "The v1 signature block is no PKCS #7 signature.")
    data = Walk(Walk(outer.take(CONTEXT_0)).take(SEQUENCE))
    for tag in (INTEGER, SET, SEQUENCE):
        data.take(tag)
    data.optional(CONTEXT_0)
    data.optional(CONTEXT_1)
    infos = data.take(SET).children()
    if len(infos) != 1:
        raise ApkError("several_signers", "The v1 signature must have exactly one signer.")
    return Walk(_expect(infos[0], SEQUENCE))


def _message_digest(attributes: Node) -> bytes:
    for attribute in attributes.children():
        parts = Walk(attribute)
        if parts.take(OID).content == _MESSAGE_DIGEST:
            values = parts.take(SET).children()
            return values[0].content if len(values) == 1 else b""
    return b""


def _oid(algorithm: Node) -> bytes:
    return Walk(algorithm).take(OID).content


def _expect(node: Node, tag: int) -> Node:
    if node.tag != tag:
        raise ApkError(_CODE, "The v1 signature block is damaged; sign the APK again.")
    return node
