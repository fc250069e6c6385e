"""Asking publishers to bring the code of an older release under a higher version code."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from appstore.releases.lookup import find, link, target
from appstore.releases.models import Release
from appstore.rollbacks.errors import (
    ReissueNotFound,
    ReissueOpen,
    ReissueOther,
    ReissueOver,
    RollbackImpossible,
)
from appstore.rollbacks.models import Reissue
from appstore.rollbacks.possible import why_not_reissued
from appstore.rollbacks.sides import side
from muster.kernel import guard, notices
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

REISSUE = "app.release.reissue"


def ask(
    uow: UnitOfWork, actor: Actor, release_id: UUID, to: UUID, reason: str, *, urgent: bool = True
) -> Reissue:
    """Ask for the code of an older release again, and tell the publishers of the app's unit.

    Raises `RollbackImpossible` saying why, `ReissueOpen` while an earlier request waits.
    """
    release = find(uow, release_id, lock=True)
    decision = guard.require(uow, actor, REISSUE, target(uow, release))
    good = find(uow, to)
    why_not = why_not_reissued(side(uow, release), side(uow, good))
    if why_not:
        raise RollbackImpossible(why_not)
    if open_for(uow, release_id) is not None:
        raise ReissueOpen
    row = Reissue(
        id=uuid7(),
        release_id=release.id,
        to_id=good.id,
        reason=reason,
        urgent=urgent,
        state="open",
        requested_by=actor.id,
    )
    uow.session.add(row)
    uow.session.flush()
    decision.note(reason=reason, reissue=str(row.id), to=str(good.id), urgent=urgent)
    notices.send(
        uow,
        "app.reissue_asked",
        role="publisher",
        unit_id=release.unit_id,
        subject_key=str(row.id),
        params={
            "package": release.package,
            "version": good.version_name,
            "bad": release.version_name,
            "by": actor.label,
        },
        link=link(release),
    )
    return row


def withdraw(uow: UnitOfWork, actor: Actor, reissue_id: UUID) -> Reissue:
    """Take an open request back; `ReissueOver` if it was answered meanwhile."""
    row = _locked(uow, reissue_id)
    release = find(uow, row.release_id)
    guard.require(uow, actor, REISSUE, target(uow, release)).note(withdrawn=str(row.id))
    if row.state != "open":
        raise ReissueOver
    row.state = "withdrawn"
    return row


def listing(
    uow: UnitOfWork,
    actor: Actor,
    release_id: UUID,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Reissue]:
    """Return up to `limit + 1` requests about a release, newest first."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    query = select(Reissue).where(Reissue.release_id == find(uow, release_id).id)
    if after is not None:
        query = query.where(Reissue.id < after)
    return uow.session.scalars(query.order_by(Reissue.id.desc()).limit(limit + 1)).all()


def open_for(uow: UnitOfWork, release_id: UUID) -> Reissue | None:
    """Return the request about a release that waits for an answer."""
    query = select(Reissue).where(Reissue.release_id == release_id, Reissue.state == "open")
    return uow.session.scalar(query)


def answer(uow: UnitOfWork, reissue_id: UUID, release: Release) -> None:
    """Link a release that came in as the answer to a request; it takes over its urgency.

    Called where the release is recorded, whose act is decided there. Raises `ReissueNotFound`,
    `ReissueOver`, and `ReissueOther` for a release of another app or a lower version.
    """
    row = _locked(uow, reissue_id)
    bad = find(uow, row.release_id)
    if row.state != "open":
        raise ReissueOver
    if (release.app_id, release.version_code > bad.version_code) != (bad.app_id, True):
        raise ReissueOther
    row.state, row.answer_id = "answered", release.id
    release.urgent = release.urgent or row.urgent


def _locked(uow: UnitOfWork, reissue_id: UUID) -> Reissue:
    row = uow.session.get(Reissue, reissue_id, with_for_update=True)
    if row is None:
        raise ReissueNotFound
    return row
