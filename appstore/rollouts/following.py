"""A release's state follows its rings: halted when all of them are, rolling with the first."""

from sqlalchemy import select

from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.rollouts.audience import refresh
from appstore.rollouts.models import Rollout
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def follow(uow: UnitOfWork, actor: Actor, release: Release, reason: str) -> None:
    """Move a release as its rings say; whoever turned the ring is on record for it.

    A halted release that was out already is given to nobody by assignments either.
    """
    uow.session.flush()
    rings = select(Rollout.id).where(Rollout.release_id == release.id, Rollout.state == "rolling")
    still = uow.session.scalar(rings.limit(1)) is not None
    if release.state in ("rolling", "released") and not still:
        move(uow, actor, release, "halted", reason)
        refresh(uow, release.id)
    elif release.state == "halted" and still:
        move(uow, actor, release, "rolling", reason)
