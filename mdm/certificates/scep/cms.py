"""CMS as SCEP uses it (RFC 5652): one signer with signed attributes, RSA envelopes.

What is read is never trusted before `Signed.verify`, and the signature is checked over the bytes
that came, not over a writing of our own.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from mdm.certificates.scep.ber import normalised

UNREADABLE: Final = (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError)
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_DATA: Final = "1.2.840.113549.1.7.1"
_SIGNED: Final = "1.2.840.113549.1.7.2"
_ENVELOPED: Final = "1.2.840.113549.1.7.3"
_DIGESTS: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha1": hashes.SHA1(),  # noqa: S303 - refused unless the legacy setting is on
}
_AES: Final = {"aes128_cbc": 16, "aes192_cbc": 24, "aes256_cbc": 32}
_DES: Final = {"des": 8, "tripledes_3key": 24}
_RSA_BITS: Final = range(2048, 4097)


class CmsError(ValueError):
    """The bytes are not CMS that we read."""


class WeakAlgorithm(ValueError):
    """DES or SHA-1, and the legacy setting is off; or something we do not know at all."""


class CannotOpen(ValueError):
    """The envelope does not open. It never says why: that would be an oracle."""


class NotForUs(ValueError):
    """The envelope names no certificate of ours as recipient."""


@dataclass(frozen=True)
class Signed:
    """A message as it came: nothing of it is proved before `verify`.

    `attributes` are the signed attributes by OID, each with its one value in DER.
    """

    content: bytes
    certificate: x509.Certificate
    attributes: Mapping[str, bytes]
    digest: str
    _signed_bytes: bytes
    _signature: bytes

    @property
    def weak(self) -> bool:
        """Whether it rests on SHA-1."""
        return self.digest == "sha1"

    def verify(self) -> bool:
        """Say whether content and attributes are what the certificate's key signed."""
        key = self.certificate.public_key()
        digest = _DIGESTS[self.digest]
        if not isinstance(key, rsa.RSAPublicKey) or not _sound(key):
            return False
        if self.attributes.get(CONTENT_TYPE) != core.ObjectIdentifier(_DATA).dump():
            return False
        actual = core.OctetString(hashlib.new(self.digest, self.content).digest()).dump()
        if self.attributes.get(MESSAGE_DIGEST) != actual:
            return False
        try:
            key.verify(self._signature, self._signed_bytes, PKCS1v15(), digest)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Recipient:
    """A certificate and key that open envelopes."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def read_signed(data: bytes) -> Signed:
    """Return a signed message; raises `CmsError` or `WeakAlgorithm` for unknown algorithms."""
    try:
        return _read_signed(normalised(data))
    except WeakAlgorithm:
        raise
    except (*UNREADABLE, UnsupportedAlgorithm) as error:
        raise CmsError("this is not a signed message") from error


def open_envelope(
    data: bytes, recipients: Sequence[Recipient], *, legacy: bool = False
) -> tuple[bytes, bool]:
    """Return what an envelope holds, and whether it was DES that kept it.

    Raises `WeakAlgorithm`, `NotForUs` or `CannotOpen`.
    """
    try:
        return _open(normalised(data), recipients, legacy=legacy)
    except (WeakAlgorithm, NotForUs, CannotOpen):
        raise
    except UNREADABLE as error:
        raise CannotOpen("the envelope does not open") from error


def envelope(content: bytes, recipient: x509.Certificate) -> bytes:
    """Return content that only the recipient's RSA key opens: AES-128-CBC, RSA PKCS#1 v1.5."""
    public = recipient.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    key, vector = os.urandom(16), os.urandom(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(AES(key), CBC(vector)).encryptor()
    padded = padder.update(content) + padder.finalize()
    who = cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier("issuer_and_serial_number", _named(recipient)),
            "key_encryption_algorithm": {"algorithm": "rsaes_pkcs1v15"},
            "encrypted_key": public.encrypt(key, PKCS1v15()),
        }
    )
    made = cms.EnvelopedData(
        {
            "version": "v0",
            "recipient_infos": [cms.RecipientInfo("ktri", who)],
            "encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": {
                    "algorithm": "aes128_cbc",
                    "parameters": core.OctetString(vector),
                },
                "encrypted_content": encryptor.update(padded) + encryptor.finalize(),
            },
        }
    )
    der: bytes = cms.ContentInfo({"content_type": "enveloped_data", "content": made}).dump()
    return der


def sign(content: bytes | None, attributes: Mapping[str, Any], signer: Recipient) -> bytes:
    """Return a signed message with one signer, SHA-256 and RSA, and the signer's certificate.

    `attributes` are asn1crypto values by OID; content type and digest are added.
    """
    every = {
        CONTENT_TYPE: cms.ContentType("data"),
        MESSAGE_DIGEST: core.OctetString(hashlib.sha256(content or b"").digest()),
        **attributes,
    }
    listed = cms.CMSAttributes(
        [cms.CMSAttribute({"type": oid, "values": [value]}) for oid, value in every.items()]
    )
    signature = signer.key.sign(listed.dump(), PKCS1v15(), hashes.SHA256())
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", _named(signer.certificate)),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": listed,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
            "signature": signature,
        }
    )
    inner: dict[str, Any] = {"content_type": "data"}
    if content is not None:
        inner["content"] = content
    made = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": inner,
            "certificates": [cms.CertificateChoices.load(_der(signer.certificate))],
            "signer_infos": [info],
        }
    )
    der: bytes = cms.ContentInfo({"content_type": "signed_data", "content": made}).dump()
    return der


def _sound(key: rsa.RSAPublicKey) -> bool:
    """Refuse keys too weak, and those made to keep us computing."""
    return key.key_size in _RSA_BITS and key.public_numbers().e.bit_length() <= 32


def _read_signed(der: bytes) -> Signed:
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].dotted != _SIGNED:
        raise CmsError("not signed")
    data = info["content"]
    (signer,) = data["signer_infos"]
    digest = signer["digest_algorithm"]["algorithm"].native
    algorithm = signer["signature_algorithm"]["algorithm"].native
    if digest not in _DIGESTS or algorithm not in ("rsassa_pkcs1v15", f"{digest}_rsa"):
        raise WeakAlgorithm("an algorithm we do not know")
    attributes: dict[str, bytes] = {}
    for attribute in signer["signed_attrs"]:
        (value,) = attribute["values"]
        if attributes.setdefault(attribute["type"].dotted, found := value.dump()) is not found:
            raise CmsError("an attribute comes twice")
    inner = data["encap_content_info"]
    if inner["content_type"].dotted != _DATA:
        raise CmsError("the content is of another type")
    content = inner["content"]
    return Signed(
        content=b"" if content.native is None else bytes(content),
        certificate=_signer_of(data["certificates"], signer["sid"]),
        attributes=attributes,
        digest=digest,
        _signed_bytes=b"\x31" + signer["signed_attrs"].dump()[1:],  # RFC 5652 §5.4
        _signature=signer["signature"].native,
    )


def _signer_of(certificates: Any, sid: Any) -> x509.Certificate:
    wanted = sid.chosen
    if sid.name != "issuer_and_serial_number" or len(certificates) > 8:
        raise CmsError("the signer must be named by issuer and serial number")
    for choice in certificates:
        if choice.name == "certificate" and _is(choice.chosen, wanted):
            return x509.load_der_x509_certificate(choice.chosen.dump())
    raise CmsError("the signer's certificate is missing")


def _open(der: bytes, recipients: Sequence[Recipient], *, legacy: bool) -> tuple[bytes, bool]:
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].dotted != _ENVELOPED:
        raise CannotOpen("not an envelope")
    inner = info["content"]["encrypted_content_info"]
    method = inner["content_encryption_algorithm"]
    name = method["algorithm"].native
    weak = name in _DES
    if name not in _AES and not (weak and legacy):
        raise WeakAlgorithm("the envelope's cipher is not one we take")
    recipient, sealed = _mine(info["content"]["recipient_infos"], recipients)
    key = recipient.key.decrypt(sealed, PKCS1v15())
    if len(key) != (_AES | _DES)[name]:
        raise CannotOpen("the envelope does not open")
    cipher = TripleDES((key * 3)[:24]) if weak else AES(key)
    decryptor = Cipher(cipher, CBC(bytes(method["parameters"]))).decryptor()
    plain = decryptor.update(inner["encrypted_content"].native) + decryptor.finalize()
    unpadder = padding.PKCS7(cipher.block_size).unpadder()
    return unpadder.update(plain) + unpadder.finalize(), weak


def _mine(infos: Any, recipients: Sequence[Recipient]) -> tuple[Recipient, bytes]:
    if len(infos) > 8:
        raise CannotOpen("too many recipients")
    for info in infos:
        if info.name != "ktri" or info.chosen["rid"].name != "issuer_and_serial_number":
            continue
        if info.chosen["key_encryption_algorithm"]["algorithm"].native != "rsaes_pkcs1v15":
            raise WeakAlgorithm("the envelope's key is kept in a way we do not know")
        for recipient in recipients:
            if _is(_asn1(recipient.certificate), info.chosen["rid"].chosen):
                return recipient, info.chosen["encrypted_key"].native
    raise NotForUs("the envelope is for somebody else")


def _is(certificate: Any, named: Any) -> bool:
    same: bool = (
        certificate.serial_number == named["serial_number"].native
        and certificate.issuer.dump() == named["issuer"].dump()
    )
    return same


def _named(certificate: x509.Certificate) -> Any:
    parsed = _asn1(certificate)
    return cms.IssuerAndSerialNumber(
        {"issuer": parsed.issuer, "serial_number": parsed.serial_number}
    )


def _asn1(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(_der(certificate))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
