"""Revocation lists: taken in from a file, fetched by a job, never exchanged for an older one."""

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import DomainError
from muster.kernel.identity.actor import Actor, system
from muster.kernel.identity.personal_certificates import revocation
from muster.kernel.identity.personal_certificates.errors import UntrustedFile
from muster.kernel.identity.personal_certificates.models import RevocationList, TrustedAuthority
from muster.kernel.outbound import Outbound
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LIMIT = 32 * 1024 * 1024
"""Bytes of a fetched list; a million revoked cards fit."""


def take(uow: UnitOfWork, actor: Actor, data: bytes) -> str:
    """Take in a revocation list; return the subject of its authority.

    Raises `UntrustedFile`: no trusted authority signed it, it is out of date, or older than the
    one that is there.
    """
    decision = guard.require(uow, actor, "identity.trust.refresh", guard.FORCE)
    crl, faults = revocation.parse(data), []
    for row in uow.session.scalars(select(TrustedAuthority)):
        issuer = x509.load_der_x509_certificate(row.der)
        if issuer.subject != crl.issuer:
            continue
        try:
            number = revocation.check(crl, issuer, uow.now())
        except UntrustedFile as fault:
            faults.append(fault)
            continue
        _keep(uow, row, crl, number)
        decision.note(result={"authority": row.fingerprint, "number": str(number)})
        return row.subject
    raise faults[0] if faults else UntrustedFile("No trusted authority has issued this list.")


def refresh(kernel: "Kernel", payload: dict[str, object]) -> None:
    """Fetch every list that has an address; what fails is kept for people to see."""
    with kernel.reads() as uow:
        rows = uow.session.scalars(select(TrustedAuthority).where(TrustedAuthority.crl_url != ""))
        wanted = [(row.id, row.crl_url) for row in rows]
    for authority_id, url in wanted:
        error = ""
        try:
            data = Outbound.to([url], limit=LIMIT).get(url)  # no transaction is open here
            with kernel.writes() as uow:
                take(uow, system("trust"), data)
        except DomainError as failed:
            error = failed.detail[:300]
        with kernel.writes() as uow:
            guard.require(uow, system("trust"), "identity.trust.refresh", guard.FORCE)
            row = uow.session.get(TrustedAuthority, authority_id)
            if row is not None:
                row.crl_error = error


def _keep(
    uow: UnitOfWork, row: TrustedAuthority, crl: x509.CertificateRevocationList, number: int
) -> None:
    held_list = uow.session.get(RevocationList, row.id, with_for_update=True)
    if held_list is not None and number < int(held_list.number):
        raise UntrustedFile("A newer list of this authority is there already.")
    if held_list is None:
        held_list = RevocationList(authority_id=row.id)
        uow.session.add(held_list)
    assert crl.next_update_utc is not None
    held_list.der = crl.public_bytes(Encoding.DER)
    held_list.number = str(number)
    held_list.this_update, held_list.next_update = crl.last_update_utc, crl.next_update_utc
    held_list.entries = len(crl)
    row.crl_error = ""
