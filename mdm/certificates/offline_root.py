"""What is done away from the server, with the root's key: making a root, signing a request.

Nothing here knows a database or a setting: it runs on a machine without network.
"""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from mdm.certificates.errors import ChainRefused, RequestRefused
from mdm.certificates.profile import BACKDATED, authority_usage

RootKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ROOT_DAYS: Final = 365 * 20
ISSUING_DAYS: Final = 365 * 5


def make_root(name: str, at: datetime, days: int = ROOT_DAYS) -> tuple[RootKey, x509.Certificate]:
    """Return a new root: a P-384 key and its self-signed certificate."""
    key = ec.generate_private_key(ec.SECP384R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(authority_usage(), critical=True)
        .sign(key, hashes.SHA384())
    )
    return key, certificate


def load_key(pem: bytes, passphrase: bytes | None) -> RootKey:
    """Return the root's key; raises `ChainRefused` for another file or a wrong passphrase."""
    try:
        key = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ChainRefused("The root's key cannot be opened: wrong file or passphrase.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ChainRefused("The root's key must be EC or RSA.")
    return key


def load_root(pem: bytes) -> x509.Certificate:
    """Return the root's certificate; raises `ChainRefused`."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise ChainRefused("The root's certificate is not one in PEM.") from error


def sign_issuing(
    root_key: RootKey,
    root: x509.Certificate,
    request_pem: bytes,
    at: datetime,
    days: int = ISSUING_DAYS,
) -> bytes:
    """Sign a server's request as an issuing CA without CAs below it; return the chain in PEM.

    Raises `ChainRefused` if the key is not the root's, and `RequestRefused` for a bad request.
    """
    if root_key.public_key() != root.public_key():
        raise ChainRefused("This key does not belong to the root's certificate.")
    try:
        request = x509.load_pem_x509_csr(request_pem)
    except ValueError as error:
        raise RequestRefused("This is not a certificate request in PEM.") from error
    key = request.public_key()
    if not request.is_signature_valid or not isinstance(key, ec.EllipticCurvePublicKey):
        raise RequestRefused("The request must prove possession of an EC key.")
    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    signed = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(root.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(min(at + timedelta(days=days), root.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(authority, critical=False)
        .add_extension(authority_usage(), critical=True)
        .sign(root_key, hashes.SHA384())
    )
    return signed.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)
