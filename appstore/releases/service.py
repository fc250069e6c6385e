"""What people do with releases: look, ask for review again, approve, reject, retire, block."""

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
from appstore.releases.progress import Progress, open_request, progress
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
    """A release with its checks, its permissions against the one before, and what it waits for."""

    release: Release
    checks: Sequence[CheckRow]
    permissions: Sequence[PermissionChange]
    progress: Progress


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
    checks = checks_of(uow, release.id)
    return Sight(release, checks, changes, progress(uow, release, checks))


def submit(
    uow: UnitOfWork, actor: Actor, release_id: UUID, reason: str, *, urgent: bool = False
) -> Approval:
    """Ask for approval again, after a request expired or was refused; or anew, as urgent.

    Raises `ReleaseState` unless it is in review, `ReviewOpen` while a request is open.
    """
    release = find(uow, release_id, lock=True)
    guard.require(uow, actor, review.PUBLISH, target(uow, release)).note(urgent=urgent)
    if release.state != "needs_review":
        raise ReleaseState(f"This release is {release.state}; only one in review is submitted.")
    if urgent and not release.urgent:
        release.urgent, release.urgent_reason = True, reason
        approvals.drop(uow, review.PUBLISH, str(release.id), note="asked anew as urgent")
    elif open_request(uow, release) is not None:
        raise ReviewOpen
    return review.ask(uow, actor, release, reason)


def approve(uow: UnitOfWork, actor: Actor, release_id: UUID, note: str = "") -> Sight:
    """Agree to a release as an approver; a sensitive one then waits for another.

    Raises `ReleaseState` when no request is open, and what the review refuses with.
    """
    release = find(uow, release_id, lock=True)
    decision = guard.require(uow, actor, f"{review.PUBLISH}.approve", target(uow, release))
    waiting = open_request(uow, release)
    if waiting is None:
        raise ReleaseState(f"This release is {release.state} and no request for it is open.")
    decision.note(reason=note)
    waiting.note = note.strip()
    approvals.approve(uow, actor, waiting.id)
    return sight(uow, release)


def reject(uow: UnitOfWork, actor: Actor, release_id: UUID, reason: str) -> Release:
    """Say no to a release in review, or take one's own back; its open request is closed."""
    release = find(uow, release_id, lock=True)
    decision = guard.require(uow, actor, "app.release.reject", target(uow, release))
    decision.note(reason=reason)
    waiting = open_request(uow, release)
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

    No terminal is offered it any more; those that have a retired one keep it until a higher version
    comes, those that have a blocked one are told to remove or suspend it. Blocking a release that is
    on its way to terminals, or the one they have, blocks its app's client as well: a token does not
    say which release asks.
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
