"""A CA for tests, requests for certificates, and a SCEP client that can misbehave."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AttributeOID, NameOID

from mdm.certificates.scep import cms, message
from mdm.certificates.scep.cms import Recipient
from muster.kernel import clock as clocks
from muster.kernel.clock import Clock

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ANYTHING = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root of all evil")])


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def _usual_key() -> rsa.RSAPrivateKey:
    """One key for all clients: each has a database of its own."""
    return rsa_key()


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def csr(
    key: Key,
    *,
    challenge: str | None = None,
    extensions: tuple[x509.ExtensionType, ...] = (),
    digest: hashes.HashAlgorithm | None = None,
) -> x509.CertificateSigningRequest:
    """Return a request whose subject asks for more than anybody is given."""
    made = x509.CertificateSigningRequestBuilder().subject_name(ANYTHING)
    if challenge is not None:
        made = made.add_attribute(AttributeOID.CHALLENGE_PASSWORD, challenge.encode())
    for extension in extensions:
        made = made.add_extension(extension, critical=True)
    return made.sign(key, digest or hashes.SHA256())


def pem(key: Key, **options: Any) -> str:
    return csr(key, **options).public_bytes(Encoding.PEM).decode()


def self_signed(key: rsa.RSAPrivateKey, clock: Clock = clocks.now) -> x509.Certificate:
    at = clock()
    return (
        x509.CertificateBuilder()
        .subject_name(ANYTHING)
        .issuer_name(ANYTHING)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


class ScepClient:
    """What RFC 8894 asks of a client, with every part open to be spoilt."""

    def __init__(self, ca_certificates: bytes, key: rsa.RSAPrivateKey | None = None) -> None:
        self.key = key or _usual_key()
        self.own = Recipient(self_signed(self.key), self.key)
        found = pkcs7.load_der_pkcs7_certificates(ca_certificates)
        self.ra = next(one for one in found if isinstance(one.public_key(), rsa.RSAPublicKey))

    def message(
        self,
        request: x509.CertificateSigningRequest | bytes,
        *,
        kind: str = "19",
        transaction: str = "t-1",
        signer: Recipient | None = None,
        attributes: Mapping[str, Any] | None = None,
        to: x509.Certificate | None = None,
        sealed: bytes = b"",
    ) -> bytes:
        """Return one pkiMessage."""
        content = request if isinstance(request, bytes) else request.public_bytes(Encoding.DER)
        sealed = sealed or cms.envelope(content, to or self.ra)
        said = {
            message.MESSAGE_TYPE: core.PrintableString(kind),
            message.TRANSACTION_ID: core.PrintableString(transaction),
            message.SENDER_NONCE: core.OctetString(hashlib.sha256(sealed).digest()[:16]),
            **(attributes or {}),
        }
        return cms.sign(sealed, said, signer or self.own)

    def enrol(self, challenge: str | None, **options: Any) -> bytes:
        """Return a PKCSReq with a challenge."""
        return self.message(csr(self.key, challenge=challenge), **options)

    def certificates(self, answer: bytes, key: Recipient | None = None) -> list[x509.Certificate]:
        """Return what a CertRep brings."""
        signed = cms.read_signed(answer)
        content, _weak = cms.open_envelope(signed.content, [key or self.own])
        return pkcs7.load_der_pkcs7_certificates(content)


def told(answer: bytes) -> dict[str, str]:
    """Return status, failInfo and transaction of a CertRep whose signature holds."""
    signed = cms.read_signed(answer)
    assert signed.verify()
    names = {
        "type": message.MESSAGE_TYPE,
        "status": message.PKI_STATUS,
        "fail": message.FAIL_INFO,
        "transaction": message.TRANSACTION_ID,
    }
    return {
        name: core.PrintableString.load(signed.attributes[oid]).native
        for name, oid in names.items()
        if oid in signed.attributes
    }
