"""Revocation lists (RFC 5280 §5 and §6.3): what may be taken in, and what a list says of a card.

Only complete lists of the issuer itself are understood. A delta list, an indirect list or one that
covers only part of its certificates is refused, for silence in it means nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from muster.kernel.identity.personal_certificates.errors import CertificateRefused, UntrustedFile

SKEW: Final = timedelta(minutes=5)
Lists = Mapping[bytes, x509.CertificateRevocationList]
"""The newest list of each authority, by the authority's certificate in DER."""

_KNOWN: Final = (
    x509.CRLNumber,
    x509.AuthorityKeyIdentifier,
    x509.IssuingDistributionPoint,
    x509.AuthorityInformationAccess,
    x509.IssuerAlternativeName,
    x509.FreshestCRL,
)


def parse(data: bytes) -> x509.CertificateRevocationList:
    """Read a list in PEM or DER; raises `UntrustedFile`."""
    try:
        load = x509.load_pem_x509_crl if b"-----BEGIN" in data[:4096] else x509.load_der_x509_crl
        crl = load(data)
        _ = crl.extensions, crl.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        raise UntrustedFile("This is no revocation list in PEM or DER.") from error
    return crl


def check(crl: x509.CertificateRevocationList, issuer: x509.Certificate, at: datetime) -> int:
    """Return the list's number, or raise `UntrustedFile` if it is not one to be believed today."""
    if crl.issuer != issuer.subject or not _signed_by(crl, issuer):
        raise UntrustedFile("The revocation list was not signed by this authority.")
    if crl.next_update_utc is None or crl.next_update_utc <= at:
        raise UntrustedFile(
            "The revocation list is out of date, or does not say until when it holds."
        )
    if crl.last_update_utc > at + SKEW:
        raise UntrustedFile("The revocation list is from the future.")
    for extension in crl.extensions:
        _check_extension(extension)
    try:
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound as error:
        raise UntrustedFile("The revocation list has no number (RFC 5280 §5.2.3).") from error


def stand(path: Sequence[x509.Certificate], lists: Lists, at: datetime, *, demanded: bool) -> None:
    """Raise `CertificateRefused` if a certificate of the path was revoked, or if nobody can say.

    `path` runs from the card to its root. Unless `demanded`, a missing list is passed over and an
    outdated one still counts.
    """
    for certificate, issuer in pairwise(path):
        crl = lists.get(issuer.public_bytes(Encoding.DER))
        if demanded and (crl is None or (crl.next_update_utc or at) <= at):
            raise CertificateRefused(
                "revocation_unknown",
                "Nobody can say at present whether this certificate was revoked. Use another way in.",
            )
        if crl is None:
            continue
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None:
            raise CertificateRefused("certificate_revoked", "This certificate was revoked.")


def _signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    try:
        return usage.crl_sign and crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, UnsupportedAlgorithm):
        return False


def _check_extension(extension: x509.Extension[x509.ExtensionType]) -> None:
    value = extension.value
    if isinstance(value, x509.DeltaCRLIndicator):
        raise UntrustedFile("This is a delta list. Give the complete one.")
    if isinstance(value, x509.IssuingDistributionPoint) and (
        value.indirect_crl
        or value.only_some_reasons
        or value.only_contains_user_certs
        or value.only_contains_ca_certs
        or value.only_contains_attribute_certs
    ):
        raise UntrustedFile("This list covers only some certificates. Give the complete one.")
    if extension.critical and not isinstance(value, _KNOWN):
        raise UntrustedFile("The revocation list has a critical extension that is not understood.")
