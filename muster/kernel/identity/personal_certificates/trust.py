"""Which authorities are believed: added, shown, removed. Their revocation lists: `lists.py`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import delete, select

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.personal_certificates import revocation
from muster.kernel.identity.personal_certificates.chain import Authorities
from muster.kernel.identity.personal_certificates.errors import UntrustedFile
from muster.kernel.identity.personal_certificates.models import RevocationList, TrustedAuthority
from muster.kernel.outbound import origin_of
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Trusted:
    """An authority as people see it; `next_update` None means that there is no list."""

    kind: str
    subject: str
    fingerprint: str
    not_after: datetime
    crl_url: str
    crl_error: str
    this_update: datetime | None
    next_update: datetime | None
    entries: int


def add(uow: UnitOfWork, actor: Actor, pem: bytes, *, crl_url: str = "") -> list[str]:
    """Trust the authorities of a PEM file, roots first; return their fingerprints.

    Raises `UntrustedFile` for a certificate that is no authority's, that has expired, or whose
    issuer is not trusted.
    """
    decision = guard.require(uow, actor, "identity.trust.change", guard.FORCE)
    given = _load(pem)
    there = {row.fingerprint: row for row in uow.session.scalars(select(TrustedAuthority))}
    known = [x509.load_der_x509_certificate(row.der) for row in there.values()]
    added = []
    for certificate in _roots_first(given):
        root = _check_authority(certificate, [*known, *given], uow.now())
        known.append(certificate)
        digest = fingerprint(certificate)
        row = there.get(digest) or TrustedAuthority(
            kind="root" if root else "intermediate",
            subject=certificate.subject.rfc4514_string()[:500],
            fingerprint=digest,
            der=certificate.public_bytes(Encoding.DER),
            not_after=certificate.not_valid_after_utc,
        )
        row.crl_url = crl_url or row.crl_url or ""
        uow.session.add(row)
        there[digest] = row
        added.append(digest)
    decision.note(result={"added": added})
    return added


def remove(uow: UnitOfWork, actor: Actor, wanted: str) -> str:
    """Stop trusting the one authority whose fingerprint begins so; return the fingerprint."""
    decision = guard.require(uow, actor, "identity.trust.change", guard.FORCE)
    row = _one(uow, wanted)
    uow.session.execute(delete(RevocationList).where(RevocationList.authority_id == row.id))
    uow.session.delete(row)
    decision.note(result={"removed": [row.fingerprint]})
    return row.fingerprint


def point(uow: UnitOfWork, actor: Actor, wanted: str, url: str) -> None:
    """Say from where an authority's list is fetched; an empty address stops it."""
    guard.require(uow, actor, "identity.trust.change", guard.FORCE)
    if url:
        origin_of(url)
    _one(uow, wanted).crl_url = url


def listing(uow: UnitOfWork, actor: Actor) -> list[Trusted]:
    """Return what is trusted, roots first."""
    guard.require(uow, actor, "identity.trust.read", guard.FORCE)
    rows = uow.session.execute(
        select(TrustedAuthority, RevocationList)
        .outerjoin(RevocationList, RevocationList.authority_id == TrustedAuthority.id)
        .order_by(TrustedAuthority.kind.desc(), TrustedAuthority.subject)
    )
    return [_shown(authority, crl) for authority, crl in rows]


def held(uow: UnitOfWork) -> tuple[Authorities, revocation.Lists]:
    """Return what a certificate is judged by."""
    roots: list[x509.Certificate] = []
    intermediates: list[x509.Certificate] = []
    lists: dict[bytes, x509.CertificateRevocationList] = {}
    rows = uow.session.execute(
        select(TrustedAuthority.kind, TrustedAuthority.der, RevocationList.der).outerjoin(
            RevocationList, RevocationList.authority_id == TrustedAuthority.id
        )
    )
    for kind, der, crl in rows:
        (roots if kind == "root" else intermediates).append(x509.load_der_x509_certificate(der))
        if crl is not None:
            lists[der] = x509.load_der_x509_crl(crl)
    return Authorities(roots, intermediates), lists


def bundle(uow: UnitOfWork) -> bytes:
    """Return every trusted authority in PEM: what nginx offers to browsers and checks itself."""
    rows = uow.session.scalars(select(TrustedAuthority.der).order_by(TrustedAuthority.id))
    return b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in rows)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate, in hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _load(pem: bytes) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(pem)
        for certificate in found:
            _ = certificate.extensions, certificate.subject, certificate.issuer
    except (ValueError, x509.DuplicateExtension) as error:
        raise UntrustedFile("The file holds no certificates in PEM.") from error
    return found


def _roots_first(given: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    return sorted(given, key=lambda certificate: certificate.issuer != certificate.subject)


def _check_authority(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], at: datetime
) -> bool:
    """Return whether it is a root; raises `UntrustedFile` for what issues no personal certificate."""
    name = certificate.subject.rfc4514_string()
    if not _is_authority(certificate):
        raise UntrustedFile(f"{name} is no certification authority that signs cards and lists.")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise UntrustedFile(f"{name} is not valid today.")
    root = certificate.issuer == certificate.subject
    issuers = [certificate] if root else others
    if not any(_issued(certificate, issuer) for issuer in issuers):
        raise UntrustedFile(f"The issuer of {name} is not trusted. Add it first, or in one file.")
    return root


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return basic.ca and usage.key_cert_sign and usage.crl_sign


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _one(uow: UnitOfWork, wanted: str) -> TrustedAuthority:
    plain = wanted.replace(":", "").lower()
    matching = TrustedAuthority.fingerprint.startswith(plain, autoescape=True)
    rows = list(uow.session.scalars(select(TrustedAuthority).where(matching))) if plain else []
    if len(rows) != 1:
        raise NotFound("Give the beginning of exactly one fingerprint; see: muster trust list")
    return rows[0]


def _shown(authority: TrustedAuthority, crl: RevocationList | None) -> Trusted:
    return Trusted(
        authority.kind,
        authority.subject,
        authority.fingerprint,
        authority.not_after,
        authority.crl_url,
        authority.crl_error,
        crl.this_update if crl else None,
        crl.next_update if crl else None,
        crl.entries if crl else 0,
    )
