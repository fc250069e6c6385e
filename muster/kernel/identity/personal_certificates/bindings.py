"""Since when an account believes certificates that name it.

A certificate names a police number; a number can be given to somebody else, or back to somebody
who had left. So a certificate counts only if it was issued after the account began (renewals are),
or if an administrator said so: for everybody when cards are older than Muster, or for one card.
Accounts are known by their id: one made anew under the same number inherits nothing.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography import x509
from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Officer
from muster.kernel.identity.personal_certificates.errors import CertificateRefused, UntrustedFile
from muster.kernel.identity.personal_certificates.mapping import Rule
from muster.kernel.identity.personal_certificates.models import CertificateBinding
from muster.kernel.identity.personal_certificates.trust import fingerprint
from muster.kernel.uow import UnitOfWork


def accept_since(uow: UnitOfWork, actor: Actor, since: datetime, number: str = "") -> int:
    """Believe certificates issued since a moment, for one officer or for all there are now."""
    decision = guard.require(uow, actor, "identity.trust.change", guard.FORCE)
    chosen = select(Officer).where(Officer.state != "left")
    officers = list(
        uow.session.scalars(chosen.where(Officer.number == number) if number else chosen)
    )
    if number and not officers:
        raise NotFound(f"There is no officer {number}.")
    for officer in officers:
        _since(uow, officer.id, since)
    decision.note(result={"officers": len(officers), "since": since.isoformat()})
    return len(officers)


def bind(uow: UnitOfWork, actor: Actor, number: str, pem: bytes) -> str:
    """Believe exactly this certificate for an officer; return its fingerprint."""
    decision = guard.require(uow, actor, "identity.trust.change", guard.FORCE)
    officer = _by_number(uow, number)
    if officer is None:
        raise NotFound(f"There is no officer {number}.")
    try:
        digest = fingerprint(x509.load_pem_x509_certificate(pem))
    except ValueError as error:
        raise UntrustedFile("The file holds no certificate in PEM.") from error
    row = uow.session.scalar(select(CertificateBinding).where(_exactly(digest)))
    if row is None:
        row = CertificateBinding(fingerprint=digest)
        uow.session.add(row)
    row.officer_id = officer.id
    decision.note(result={"officer": str(officer.id), "certificate": digest})
    return digest


def officer_of(uow: UnitOfWork, certificate: x509.Certificate, rule: Rule) -> Officer:
    """Return whose certificate this is; raises `CertificateRefused`."""
    bound = uow.session.scalar(
        select(CertificateBinding.officer_id).where(_exactly(fingerprint(certificate)))
    )
    if bound is not None:
        return uow.session.get_one(Officer, bound)
    officer = _by_number(uow, rule.number_in(certificate))
    if officer is None:
        raise CertificateRefused(
            "certificate_names_nobody", "This certificate does not name an officer known here."
        )
    since = uow.session.scalar(_floor(officer.id)) or officer.created_at
    if certificate.not_valid_before_utc < since.replace(microsecond=0):
        raise CertificateRefused(
            "certificate_older_than_account",
            "This certificate is older than the account. Ask for a new card, or have it bound.",
        )
    return officer


def end_for(uow: UnitOfWork, officer_id: UUID) -> None:
    """Believe no certificate issued until now: the officer left. Bound cards are forgotten."""
    for row in uow.session.scalars(
        select(CertificateBinding).where(
            CertificateBinding.officer_id == officer_id,
            CertificateBinding.fingerprint.is_not(None),
        )
    ):
        uow.session.delete(row)
    _since(uow, officer_id, uow.now())


def officer_changed(uow: UnitOfWork, event: Any) -> None:
    """Hear about an officer; those who left lose what their cards were good for."""
    officer = uow.session.get(Officer, event.officer_id)
    if officer is not None and officer.state == "left":
        end_for(uow, officer.id)


def _since(uow: UnitOfWork, officer_id: UUID, since: datetime) -> None:
    row = uow.session.scalar(
        select(CertificateBinding).where(
            CertificateBinding.officer_id == officer_id, CertificateBinding.since.is_not(None)
        )
    )
    if row is None:
        row = CertificateBinding(officer_id=officer_id)
        uow.session.add(row)
    row.since = since


def _by_number(uow: UnitOfWork, number: str) -> Officer | None:
    return uow.session.scalar(select(Officer).where(Officer.number == number))


def _exactly(digest: str) -> Any:
    return CertificateBinding.fingerprint == digest


def _floor(officer_id: UUID) -> Any:
    return select(CertificateBinding.since).where(
        CertificateBinding.officer_id == officer_id, CertificateBinding.since.is_not(None)
    )
