"""What our certificates say (RFC 5280): pure, from names, keys and dates to signed certificates."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
)

from mdm.certificates.signing_request import PublicKey

BACKDATED: Final = timedelta(minutes=5)  # clocks of terminals are not as good as ours
_SHA256: Final = hashes.SHA256()


@dataclass(frozen=True)
class Holder:
    """The terminal that a certificate names; the server says who, never the request."""

    id: UUID
    label: str


@dataclass(frozen=True)
class Issuer:
    """An issuing CA that can sign. `crl_url` and `certificate_url` go into what it issues."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    crl_url: str
    certificate_url: str


def device_certificate(
    issuer: Issuer, holder: Holder, key: PublicKey, *, at: datetime, days: int
) -> x509.Certificate:
    """Return a terminal's certificate: client sign-in only, never a CA.

    It never outlives its issuer. The subject's CN is the label on the sticker, its serialNumber
    and the URI name are the terminal's id.
    """
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.SERIAL_NUMBER, str(holder.id)),
            x509.NameAttribute(NameOID.COMMON_NAME, holder.label),
        ]
    )
    ends = min(at + timedelta(days=days), issuer.certificate.not_valid_after_utc)
    name = x509.UniformResourceIdentifier(f"urn:uuid:{holder.id}")
    return (
        _begun(issuer, subject, key, at, ends)
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(_usage(key), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(issuer.key, _SHA256)
    )


def ra_certificate(issuer: Issuer, key: rsa.RSAPublicKey, *, at: datetime) -> x509.Certificate:
    """Return the certificate of the registration authority: SCEP needs an RSA key (RFC 8894 §2)."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Muster SCEP RA")])
    ends = issuer.certificate.not_valid_after_utc
    return (
        _begun(issuer, subject, key, at, ends)
        .add_extension(_usage(key), critical=True)
        .sign(issuer.key, _SHA256)
    )


def authority_usage() -> x509.KeyUsage:
    """Return the key usage of a CA: signing certificates and revocation lists."""
    return _key_usage(key_cert_sign=True, crl_sign=True)


def _begun(
    issuer: Issuer, subject: x509.Name, key: PublicKey, at: datetime, ends: datetime
) -> x509.CertificateBuilder:
    above = issuer.certificate
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier(issuer.crl_url)], None, None, None
    )
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS,
        x509.UniformResourceIdentifier(issuer.certificate_url),
    )
    identifier = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(at - BACKDATED, above.not_valid_before_utc))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(authority, critical=False)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    )


def _usage(key: PublicKey) -> x509.KeyUsage:
    """Return signing; an RSA key must also open SCEP's answers."""
    return _key_usage(digital_signature=True, key_encipherment=isinstance(key, rsa.RSAPublicKey))


def _key_usage(
    *,
    digital_signature: bool = False,
    key_encipherment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
