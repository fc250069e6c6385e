"""Judges the chain that the offline root's people bring: pure, from PEM to a verified chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from mdm.certificates.errors import ChainRefused

_LONGEST: Final = 4
_DIGESTS: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


@dataclass(frozen=True)
class Chain:
    """An issuing CA's certificate and those above it, the self-signed root last."""

    issuing: x509.Certificate
    parents: tuple[x509.Certificate, ...]

    @property
    def root(self) -> x509.Certificate:
        """The root."""
        return self.parents[-1]


def read(pem: bytes, at: datetime) -> Chain:
    """Return the chain in a PEM file, verified link by link; raises `ChainRefused` saying why.

    Order: issuing CA first, then each certificate's own issuer, the root last (RFC 5280 §6.1).
    """
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise ChainRefused("This is not a chain of certificates in PEM.") from error
    if not 2 <= len(found) <= _LONGEST:
        raise ChainRefused(f"Give the issuing CA, then its root: 2 to {_LONGEST} certificates.")
    for depth, certificate in enumerate(found):
        _check_authority(certificate, depth, at)
    for lower, upper in zip(found, [*found[1:], found[-1]], strict=True):
        _check_link(lower, upper)
    if not isinstance(found[0].public_key(), ec.EllipticCurvePublicKey):
        raise ChainRefused("The issuing CA's key must be the one that was asked for.")
    return Chain(found[0], tuple(found[1:]))


def issued_by(lower: x509.Certificate, upper: x509.Certificate) -> bool:
    """Tell whether one certificate's name and signature are of another's making."""
    try:
        lower.verify_directly_issued_by(upper)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def names(certificates: Sequence[x509.Certificate]) -> list[str]:
    """Return the subjects as people read them (RFC 4514)."""
    return [certificate.subject.rfc4514_string() for certificate in certificates]


def _check_link(lower: x509.Certificate, upper: x509.Certificate) -> None:
    if not issued_by(lower, upper):
        name = lower.subject.rfc4514_string()
        raise ChainRefused(f"{name} was not issued by the certificate that follows it.")
    if not isinstance(lower.signature_hash_algorithm, _DIGESTS):
        raise ChainRefused("Certificates must be signed with SHA-256 or better.")


def _check_authority(certificate: x509.Certificate, depth: int, at: datetime) -> None:
    name = certificate.subject.rfc4514_string()
    if not certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc:
        raise ChainRefused(f"{name} is outside of its dates.")
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except (x509.ExtensionNotFound, ValueError) as error:
        raise ChainRefused(f"{name} does not say that it is a CA.") from error
    if not (basic.ca and usage.key_cert_sign and usage.crl_sign):
        raise ChainRefused(f"{name} may not sign certificates and revocation lists.")
    if basic.path_length is not None and basic.path_length < depth:
        raise ChainRefused(f"{name} allows fewer CAs below it than this chain has.")
