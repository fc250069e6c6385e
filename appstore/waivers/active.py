"""What the rules are told of an app's waivers."""

from uuid import UUID

from sqlalchemy import select

from appstore.waivers.models import Waiver
from muster.kernel.identity import names
from muster.kernel.uow import UnitOfWork


def active(uow: UnitOfWork, app_id: UUID) -> dict[str, str]:
    """Return by rule, for the evidence, who waived it until when and why."""
    query = select(Waiver).where(
        Waiver.app_id == app_id, Waiver.revoked_at.is_(None), Waiver.until > uow.now()
    )
    found = uow.session.scalars(query.order_by(Waiver.id)).all()
    people = names.officers(uow, {waiver.granted_by for waiver in found})
    return {
        waiver.rule: (
            f"waived by {people[waiver.granted_by].number} until {waiver.until.date()}: "
            f"{waiver.reason}"
        )
        for waiver in found
    }
