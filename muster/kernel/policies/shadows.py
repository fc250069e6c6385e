"""What sets in shadow found: answers that would have been others."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.policies import sets
from muster.kernel.policies.models import ShadowDifference
from muster.kernel.uow import UnitOfWork

_SHOWN = 200


@dataclass(frozen=True)
class Report:
    """Whether a set runs in shadow, how much it was asked, and where it differed most."""

    running: bool
    compared: int
    missed: int
    differences: Sequence[ShadowDifference]


def report(uow: UnitOfWork, actor: Actor, set_id: UUID) -> Report:
    """Return what is known so far; each process adds what it counted every few seconds."""
    decision = guard.require(uow, actor, "access.policy.read", guard.FORCE)
    row = sets.find(uow, set_id)
    decision.note(set=row.number)
    mine = select(ShadowDifference).where(ShadowDifference.set_id == row.id)
    total = uow.session.scalar(mine.where(ShadowDifference.action == ""))
    found = uow.session.scalars(
        mine.where(ShadowDifference.action != "")
        .order_by(ShadowDifference.count.desc(), ShadowDifference.id)
        .limit(_SHOWN)
    ).all()
    return Report(
        running(uow) == row.number,
        total.count if total else 0,
        total.missed if total else 0,
        found,
    )


def running(uow: UnitOfWork) -> int | None:
    """Return the number of the set this process asks beside the one in force."""
    shadow = uow.kernel.guard.standing.shadow
    return None if shadow is None else shadow.number
