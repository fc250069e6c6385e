"""Who issued a certificate, whether it is valid today, and whether it is for signing in.

RFC 5280 §6 by `cryptography.x509.verification`: signatures, validity, basic constraints, path
length, name constraints, key usage of each CA, unknown critical extensions, weak keys and hashes.
On top: the end-entity certificate is no CA, carries the extended key usage clientAuth and, where it
states a key usage, digitalSignature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from muster.kernel.identity.personal_certificates.errors import CertificateRefused

LONGEST: Final = 4  # authorities between a card and its root
_EITHER: Final = Criticality.AGNOSTIC


@dataclass(frozen=True)
class Authorities:
    """The certificates of the force's CA."""

    roots: Sequence[x509.Certificate]
    intermediates: Sequence[x509.Certificate] = ()


def parse(der: bytes) -> x509.Certificate:
    """Read a certificate, extensions and all; raises `CertificateRefused`."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.extensions, certificate.subject, certificate.issuer
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise CertificateRefused(
            "certificate_unreadable", "This certificate cannot be read."
        ) from error
    return certificate


def path(
    certificate: x509.Certificate, authorities: Authorities, at: datetime
) -> list[x509.Certificate]:
    """Return the path from the certificate to a root; raises `CertificateRefused`."""
    if at > certificate.not_valid_after_utc:
        raise CertificateRefused(
            "certificate_expired", "This certificate has expired. Ask for a new card."
        )
    if at < certificate.not_valid_before_utc:
        raise CertificateRefused("certificate_not_yet_valid", "This certificate is not valid yet.")
    if not authorities.roots:
        raise CertificateRefused("no_authority", "No certification authority is trusted here.")
    verifier = (
        PolicyBuilder()
        .store(Store(list(authorities.roots)))
        .time(at)
        .max_chain_depth(LONGEST)
        .extension_policies(ca_policy=_authority(), ee_policy=_card())
        .build_client_verifier()
    )
    try:
        return list(verifier.verify(certificate, list(authorities.intermediates)).chain)
    except VerificationError as error:
        raise CertificateRefused(
            "certificate_untrusted",
            "This certificate does not come from the force's own authority, or is not for signing in.",
        ) from error


def _authority() -> ExtensionPolicy:
    """A private CA may leave out the key identifier of its issuer."""
    return ExtensionPolicy.webpki_defaults_ca().may_be_present(
        x509.AuthorityKeyIdentifier, _EITHER, None
    )


def _card() -> ExtensionPolicy:
    """A card names a person, not a host: no subjectAltName is demanded."""
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.ExtendedKeyUsage, _EITHER, _for_clients)
        .may_be_present(x509.KeyUsage, _EITHER, _for_signatures)
        .may_be_present(x509.BasicConstraints, _EITHER, _no_authority)
    )


def _for_clients(_: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage) -> None:
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise ValueError("the extended key usage lacks clientAuth")


def _for_signatures(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.digital_signature:
        raise ValueError("the key usage lacks digitalSignature")


def _no_authority(_: Policy, __: x509.Certificate, basic: x509.BasicConstraints | None) -> None:
    if basic is not None and basic.ca:
        raise ValueError("an authority's certificate signs nobody in")
