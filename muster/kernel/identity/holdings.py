"""What somebody who leaves or moves still holds: asked of every package, listed for a supervisor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from sqlalchemy import select

from muster.kernel.identity.models import Holding, Officer, RoleGrant, Unit
from muster.kernel.notices import send
from muster.kernel.ports import Port

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Held:
    """One thing held: its kind, its id, and what people read."""

    kind: str
    reference: str
    label: str


class Holder(Protocol):
    """What a room answers about one officer."""

    def held(self, uow: "UnitOfWork", officer_id: UUID) -> Sequence[Held]:
        """Return what the officer holds and somebody must take over."""

    def let_go(self, uow: "UnitOfWork", officer_id: UUID) -> None:
        """End what a leaver started and nobody may finish for them."""


HOLDINGS: Port[Holder] = Port("holdings of leavers")


class LentRoles:
    """Roles the officer lent to others, which end by themselves or sooner."""

    def held(self, uow: "UnitOfWork", officer_id: UUID) -> list[Held]:
        """Return the delegations and deputies the officer has given."""
        query = (
            select(RoleGrant.id, RoleGrant.role, Unit.code, Officer.number)
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .join(Officer, Officer.id == RoleGrant.officer_id)
            .where(
                RoleGrant.granted_by == officer_id,
                RoleGrant.kind.in_(("delegation", "deputy")),
                RoleGrant.valid_until > uow.now(),
            )
        )
        return [
            Held("delegation", str(row.id), f"{row.role}@{row.code} → {row.number}")
            for row in uow.session.execute(query)
        ]

    def let_go(self, uow: "UnitOfWork", officer_id: UUID) -> None:
        """Leave them to the supervisor: a patrol may depend on one tonight."""


def list_for_supervisor(
    uow: "UnitOfWork", officer: Officer, unit_id: UUID, cause: str, more: Sequence[Held] = ()
) -> list[Holding]:
    """Write down what the officer holds and tell the supervisor of the unit they leave."""
    answers = uow.kernel.ports.all(HOLDINGS).values()
    found = [*more, *(held for answer in answers for held in answer.held(uow, officer.id))]
    if cause == "left":
        for answer in answers:
            answer.let_go(uow, officer.id)
    rows = [
        Holding(
            officer_id=officer.id,
            unit_id=unit_id,
            cause=cause,
            kind=held.kind,
            reference=held.reference[:64],
            label=held.label[:200],
        )
        for held in found
    ]
    uow.session.add_all(rows)
    send(
        uow,
        f"identity.officer.{cause}",
        role="supervisor",
        unit_id=unit_id,
        subject_key=str(officer.id),
        params={"officer": officer.number, "held": len(rows)},
        link="/console/leavers",
    )
    return rows
