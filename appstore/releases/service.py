"""What people do with releases: look, ask for review again, reject, retire, block."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from appstore.releases import review
from appstore.releases.errors import ReleaseState, ReviewOpen
from appstore.releases.events import ReleaseWithdrawn
from appstore.releases.history import before
from appstore.releases.lookup import find, target
from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.rollouts.audience import refresh
from appstore.vetting.models import CheckRow
from appstore.vetting.permissions import PermissionChange, compare
from appstore.vetting.service import checks_of
from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.identity import Actor, registrations
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Sight:
    """A release with its checks and its permissions against the approved release before it."""

    release: Release
    checks: Sequence[CheckRow]
    permissions: Sequence[PermissionChange]


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str | None = None,
    package: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Release]:
    """Return up to `limit + 1` releases, newest first."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    query = select(Release).order_by(Release.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(Release.state == state)
    if package is not None:
        query = query.where(Release.package == package)
    if after is not None:
        query = query.where(Release.id < after)
    return uow.session.scalars(query).all()


def read(uow: UnitOfWork, actor: Actor, release_id: UUID) -> Sight:
    """Return one release with what the approver must see."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    return sight(uow, find(uow, release_id))


def sight(uow: UnitOfWork, release: Release) -> Sight:
    """Return what is shown of a release that the caller already may see."""
    previous = before(uow, release)
    earlier = previous.permissions if previous else ()
    changes = compare(earlier, release.facts.get("permissions", ()))
    return Sight(release, checks_of(uow, release.id), changes)


def submit(uow: UnitOfWork, actor: Actor, release_id: UUID, reason: str) -> Approval:
    """Ask for approval again, after a request expired or was refused.

    Raises `ReleaseState` unless it is in review, `ReviewOpen` while a request is open.
    """
    release = find(uow, release_id, lock=True)
    guard.require(uow, actor, review.PUBLISH, target(uow, release))
    if release.state != "needs_review":
        raise ReleaseState(f"This release is {release.state}; only one in review is submitted.")
    if _open_request(uow, release) is not None:
        raise ReviewOpen
    return review.ask(uow, actor, release, reason)


def reject(uow: UnitOfWork, actor: Actor, release_id: UUID, reason: str) -> Release:
    """Say no to a release in review, or take one's own back; its open request is closed."""
    release = find(uow, release_id, lock=True)
    decision = guard.require(uow, actor, "app.release.reject", target(uow, release))
    decision.note(reason=reason)
    waiting = _open_request(uow, release)
    if waiting is not None and waiting.requested_by == actor.id:
        approvals.withdraw(uow, actor, waiting.id)
    elif waiting is not None:
        approvals.refuse(uow, actor, waiting.id, reason)
    move(uow, actor, release, "rejected", reason)
    release.blob_id = None
    review.tell_submitter(uow, actor, release, "app.release_rejected")
    return release


def withdraw(
    uow: UnitOfWork,
    actor: Actor,
    release_id: UUID,
    to: Literal["retired", "blocked"],
    reason: str,
) -> Release:
    """Take a release out of the store: retired when its time is over, blocked when it harms.

    No terminal is offered it any more; those that have it keep it until a higher version comes. So
    blocking a release that is on its way to terminals, or the one they have, blocks its app's client
    as well: a token does not say which release asks.
    """
    release = find(uow, release_id, lock=True)
    verb = {"retired": "app.release.retire", "blocked": "app.release.block"}[to]
    guard.require(uow, actor, verb, target(uow, release)).note(reason=reason)
    current = release.state in ("rolling", "halted", "released")
    move(uow, actor, release, to, reason)
    if to == "blocked" and current:
        registrations.store.app_blocked(uow, actor, release.package, reason)
    uow.session.flush()
    refresh(uow, release.id)
    uow.emit(ReleaseWithdrawn(release_id=release.id, package=release.package, state=to))
    return release


def _open_request(uow: UnitOfWork, release: Release) -> Approval | None:
    if release.approval_id is None:
        return None
    approval = uow.session.get(Approval, release.approval_id)
    if approval is None or approval.state != "open" or approval.expires_at <= uow.now():
        return None
    return approval
