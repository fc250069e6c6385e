"""Leave to use a data set, officer by officer: given and withdrawn by who answers for the data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput, NotFound
from muster.kernel.identity import rights
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Certification
from muster.kernel.identity.officer_row import DATASET
from muster.kernel.identity.officers import find, reason_in_words, target_of
from muster.kernel.uow import UnitOfWork

__all__ = ["Certification", "give", "listing", "withdraw"]


def give(
    uow: UnitOfWork,
    actor: Actor,
    officer_id: UUID,
    dataset: str,
    until: datetime | None,
    reason: str,
) -> Certification:
    """Certify an officer for a data set, or set another end; it holds from their next request."""
    officer = find(uow, officer_id)
    target = target_of(uow, actor, officer)
    decision = guard.require(uow, actor, "identity.certification.give", target)
    decision.note(reason=reason_in_words(reason), dataset=dataset)
    if not DATASET.fullmatch(dataset):
        raise InvalidInput(errors=[Fault("/dataset", "Name a data set: registers.persons")])
    if until is not None and until <= uow.now():
        raise InvalidInput(errors=[Fault("/valid_until", "This moment has passed.")])
    row = uow.session.get(Certification, (officer.id, dataset))
    if row is None:
        row = Certification(officer_id=officer.id, dataset=dataset)
        uow.session.add(row)
    row.valid_until, row.kind, row.granted_by = until, "standing", actor.id
    row.reason = reason.strip()[:500]
    uow.session.flush()
    rights.gained(uow, officer)
    return row


def withdraw(uow: UnitOfWork, actor: Actor, officer_id: UUID, dataset: str, reason: str) -> None:
    """Withdraw a certification: the officer's sessions end."""
    officer = find(uow, officer_id)
    target = target_of(uow, actor, officer)
    decision = guard.require(uow, actor, "identity.certification.withdraw", target)
    decision.note(reason=reason_in_words(reason), dataset=dataset)
    row = uow.session.get(Certification, (officer.id, dataset))
    if row is None:
        raise NotFound("This officer has no such certification.")
    uow.session.delete(row)
    uow.session.flush()
    rights.lost(uow, officer)


def listing(uow: UnitOfWork, officer_id: UUID) -> list[Certification]:
    """Return an officer's certifications; whoever may read the officer may read them."""
    query = select(Certification).where(Certification.officer_id == officer_id)
    return list(uow.session.scalars(query.order_by(Certification.dataset)))
