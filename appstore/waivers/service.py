"""What people do with waivers: look at an app's, grant one, revoke one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.vetting.models import CheckRow
from appstore.vetting.rules import RULES
from appstore.waivers.errors import (
    OwnWaiver,
    WaiverNotFound,
    WaiverOpen,
    WaiverOver,
    WaiverUnfounded,
)
from appstore.waivers.models import Waiver
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

WAIVABLE: Final = tuple(rule.code for rule in RULES if rule.waivable)
LONGEST: Final = 180
"""Days a waiver may hold."""


def listing(
    uow: UnitOfWork, actor: Actor, package: str, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Waiver]:
    """Return up to `limit + 1` waivers of an app, newest first, ended ones too."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    app = lookup.find(uow, package)
    query = select(Waiver).where(Waiver.app_id == app.id).order_by(Waiver.id.desc())
    if after is not None:
        query = query.where(Waiver.id < after)
    return uow.session.scalars(query.limit(limit + 1)).all()


def grant(
    uow: UnitOfWork, actor: Actor, package: str, *, rule: str, days: int, reason: str
) -> Waiver:
    """Set one of the `WAIVABLE` rules aside for an app, from now on for some days.

    Raises `WaiverUnfounded` unless the rule kept a release of it out, `OwnWaiver` for whoever
    brought that release, `WaiverOpen` if it is waived already.
    """
    app = lookup.find(uow, package, lock=True)
    decision = guard.require(uow, actor, "app.waiver.grant", lookup.target(uow, app))
    found = grounds(uow, app).get(rule)
    if found is None:
        raise WaiverUnfounded
    release, check = found
    if release.submitted_by == actor.id:
        raise OwnWaiver
    if any(waiver.holds(uow.now()) for waiver in _of_rule(uow, app, rule)):
        raise WaiverOpen
    waiver = Waiver(
        id=uuid7(),
        app_id=app.id,
        rule=rule,
        reason=reason,
        release_id=release.id,
        evidence=list(check.evidence),
        granted_by=actor.id,
        until=uow.now() + timedelta(days=days),
    )
    uow.session.add(waiver)
    uow.session.flush()
    decision.note(
        reason=reason, waiver=str(waiver.id), rule=rule, days=days, evidence=waiver.evidence
    )
    return waiver


def revoke(uow: UnitOfWork, actor: Actor, package: str, waiver_id: UUID, reason: str) -> Waiver:
    """End a waiver before its day; a release in review is judged without it when it is approved."""
    app = lookup.find(uow, package, lock=True)
    decision = guard.require(uow, actor, "app.waiver.revoke", lookup.target(uow, app))
    waiver = uow.session.get(Waiver, waiver_id)
    if waiver is None or waiver.app_id != app.id:
        raise WaiverNotFound
    if not waiver.holds(uow.now()):
        raise WaiverOver
    decision.note(reason=reason, waiver=str(waiver.id), rule=waiver.rule)
    waiver.revoked_by, waiver.revoked_at, waiver.revoked_for = actor.id, uow.now(), reason
    uow.session.flush()
    return waiver


def grounds(uow: UnitOfWork, app: App) -> dict[str, tuple[Release, CheckRow]]:
    """Return by waivable rule the newest release of an app that it kept out, and what it found."""
    query = (
        select(Release, CheckRow)
        .join(CheckRow, CheckRow.release_id == Release.id)
        .where(Release.app_id == app.id, CheckRow.verdict == "block", CheckRow.rule.in_(WAIVABLE))
        .order_by(Release.id.desc())
        .limit(100)
    )
    newest_last = reversed(uow.session.execute(query).all())
    return {check.rule: (release, check) for release, check in newest_last}


def _of_rule(uow: UnitOfWork, app: App, rule: str) -> Sequence[Waiver]:
    query = select(Waiver).where(Waiver.app_id == app.id, Waiver.rule == rule)
    return uow.session.scalars(query).all()
