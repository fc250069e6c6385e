"""Reads a certificate request (PKCS#10, RFC 2986): the key is taken from it and nothing else.

Subject, names and extensions a client asks for are ignored: the server sets them.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AttributeOID

from mdm.certificates.errors import RequestRefused, UnprovedRequest

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
_RSA_BITS: Final = range(2048, 4097)
_LONGEST: Final = 8192
_LONGEST_CHALLENGE: Final = 128


@dataclass(frozen=True)
class SigningRequest:
    """What a request is good for: its key, whose possession its signature proves.

    `challenge` is the challengePassword attribute (RFC 2985 §5.4.1), '' for none.
    """

    key: PublicKey
    challenge: str = ""

    @property
    def spki(self) -> str:
        """SHA-256 of the SubjectPublicKeyInfo, hex."""
        return spki(self.key)


def read_pem(text: str) -> SigningRequest:
    """Return the request in a PEM text; raises `RequestRefused`."""
    try:
        return _checked(x509.load_pem_x509_csr(text.encode()))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnprovedRequest("This is not a certificate request in PEM.") from error


def read_der(der: bytes) -> SigningRequest:
    """Return the request in DER; raises `RequestRefused`."""
    if len(der) > _LONGEST:
        raise UnprovedRequest("This certificate request is too large.")
    try:
        return _checked(x509.load_der_x509_csr(der))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnprovedRequest("This is not a certificate request.") from error


def spki(key: PublicKey) -> str:
    """Return SHA-256 of a key's SubjectPublicKeyInfo, hex."""
    return hashlib.sha256(
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).hexdigest()


def check_key(key: object) -> PublicKey:
    """Return the key if it is one we certify: P-256, or RSA of 2048 to 4096 bits."""
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in _RSA_BITS:
        if key.public_numbers().e == 65537:
            return key
        raise RequestRefused("An RSA key of ours has the exponent 65537.")
    raise RequestRefused("The key must be P-256, or RSA of 2048 to 4096 bits.")


def _checked(request: x509.CertificateSigningRequest) -> SigningRequest:
    """Ask for the proof first: a stranger learns nothing of what is not theirs."""
    try:
        proved = request.is_signature_valid
        key = request.public_key()
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        proved = False
    if not proved:
        raise UnprovedRequest("The request does not prove possession of its key.")
    sound, digest = check_key(key), request.signature_hash_algorithm
    if not isinstance(digest, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        raise RequestRefused("The request must be signed with SHA-256 or better.")
    return SigningRequest(sound, _challenge(request))


def _challenge(request: x509.CertificateSigningRequest) -> str:
    try:
        given = request.attributes.get_attribute_for_oid(AttributeOID.CHALLENGE_PASSWORD).value
        return given.decode("ascii") if len(given) <= _LONGEST_CHALLENGE else ""
    except (x509.AttributeNotFound, ValueError):
        return ""
