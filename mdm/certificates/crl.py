"""Revocation lists for third parties (RFC 5280 §5): made when something changed, else kept.

Our own doors never read them: they ask the database.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import ColumnElement, func, or_, select

from mdm.certificates import authority
from mdm.certificates.models import DeviceCertificate, IssuingCa, RevocationList
from mdm.certificates.profile import Issuer
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

VALID: Final = timedelta(hours=24)
FRESH: Final = timedelta(hours=1)
_REASONS: Final = {
    "superseded": x509.ReasonFlags.superseded,
    "found": x509.ReasonFlags.superseded,
    "lost": x509.ReasonFlags.key_compromise,
    "wiped": x509.ReasonFlags.cessation_of_operation,
    "retired": x509.ReasonFlags.cessation_of_operation,
}


def current(kernel: "Kernel", name: str) -> RevocationList:
    """Return the list of a CA, made anew if a certificate ended since, or an hour has passed.

    Raises `AuthorityNotFound` or `AuthorityMissing`.
    """
    with kernel.reads() as uow:
        ca = authority.by_name(uow, name)
        kept = uow.session.get(RevocationList, ca.id)
        if kept is not None and not _outdated(uow, kept):
            return kept
    with kernel.writes() as uow:
        return _renew(uow, ca.id)


def build(
    issuer: Issuer, ended: list[tuple[str, datetime, str]], *, number: int, at: datetime
) -> x509.CertificateRevocationList:
    """Return a signed list of (serial in hex, moment, reason)."""
    identifier = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + VALID)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value),
            critical=False,
        )
    )
    for serial, moment, reason in ended:
        entry = x509.RevokedCertificateBuilder(int(serial, 16), moment)
        flag = _REASONS.get(reason)
        if flag is not None:
            entry = entry.add_extension(x509.CRLReason(flag), critical=False)
        made = made.add_revoked_certificate(entry.build())
    return made.sign(issuer.key, hashes.SHA256())


def _outdated(uow: UnitOfWork, kept: RevocationList) -> bool:
    """Count, since a revocation may commit after a list whose moment is later than its own."""
    now = uow.now()
    if now - kept.this_update >= FRESH:
        return True
    ca = uow.session.get_one(IssuingCa, kept.issuer_id)
    count = select(func.count()).select_from(DeviceCertificate).where(*_ended(ca, now))
    return uow.session.scalar(count) != kept.entries


def _renew(uow: UnitOfWork, issuer_id: UUID) -> RevocationList:
    ca = uow.session.get_one(IssuingCa, issuer_id, with_for_update=True)
    kept, now = uow.session.get(RevocationList, issuer_id), uow.now()
    number = kept.number + 1 if kept is not None else 1
    ended = _read(uow, ca, now)
    made = build(authority.issuer(uow.kernel, ca), ended, number=number, at=now)
    row = kept or RevocationList(issuer_id=issuer_id)
    row.number, row.entries, row.der = number, len(ended), made.public_bytes(Encoding.DER)
    row.this_update, row.next_update = now, now + VALID
    uow.session.add(row)
    uow.session.flush()
    uow.session.expunge(row)
    return row


def _ended(ca: IssuingCa, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Name what ended and has not expired; a retired CA's list names all it ever issued."""
    ended = DeviceCertificate.revoked_at <= now
    if ca.state == "retired":
        ended = or_(ended, DeviceCertificate.revoked_at.is_(None))
    return DeviceCertificate.issuer_id == ca.id, DeviceCertificate.not_after > now, ended


def _read(uow: UnitOfWork, ca: IssuingCa, now: datetime) -> list[tuple[str, datetime, str]]:
    query = (
        select(DeviceCertificate.serial, DeviceCertificate.revoked_at, DeviceCertificate.reason)
        .where(*_ended(ca, now))
        .order_by(DeviceCertificate.revoked_at, DeviceCertificate.id)
    )
    return [
        (serial, moment or ca.retired_at or now, reason)
        for serial, moment, reason in uow.session.execute(query)
    ]
