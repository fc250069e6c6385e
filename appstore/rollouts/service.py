"""What people do with rollouts: begin in a ring, raise or change, halt, go on, complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from appstore.releases.errors import ReleaseState
from appstore.releases.lookup import find, target
from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.reviews.standing import refuse_stopped
from appstore.rollouts.audience import refresh, refresh_ring
from appstore.rollouts.errors import NotFinished, PercentFalls, RolloutExists, RolloutNotFound
from appstore.rollouts.events import RolloutChanged
from appstore.rollouts.following import follow
from appstore.rollouts.health import Health, health
from appstore.rollouts.models import Rollout
from appstore.rollouts.terms import Terms
from mdm.groups import Group, groups_in
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Ring:
    """A rollout with its group and how it does."""

    rollout: Rollout
    group: Group
    health: Health


def listing(uow: UnitOfWork, actor: Actor, release_id: UUID) -> list[Ring]:
    """Return the rings of a release, the first one first; one statement for each to count it."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    release = find(uow, release_id)
    query = (
        select(Rollout, Group)
        .join(Group, Group.id == Rollout.group_id)
        .where(Rollout.release_id == release_id)
        .order_by(Rollout.id)
    )
    rows = uow.session.execute(query).all()
    return [Ring(rollout, group, health(uow, rollout, release)) for rollout, group in rows]


def read(uow: UnitOfWork, actor: Actor, rollout_id: UUID) -> Ring:
    """Return one rollout with its ring and how it does."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    query = (
        select(Rollout, Group, Release)
        .join(Group, Group.id == Rollout.group_id)
        .join(Release, Release.id == Rollout.release_id)
        .where(Rollout.id == rollout_id)
    )
    row = uow.session.execute(query).first()
    if row is None:
        raise RolloutNotFound
    return Ring(row[0], row[1], health(uow, row[0], row[2]))


def start(
    uow: UnitOfWork,
    actor: Actor,
    release_id: UUID,
    *,
    group_id: UUID,
    percent: int,
    mode: str,
    reason: str,
    conditions: Mapping[str, Any] | None = None,
    deadline: datetime | None = None,
    gate: Mapping[str, int] | None = None,
) -> Rollout:
    """Begin to roll an approved release out to a group of terminals.

    Raises `ReleaseState` unless it is approved, rolling or released, `GroupNotFound`, and
    `RolloutExists` for a ring it is on its way into.
    """
    release = find(uow, release_id, lock=True)
    group = groups_in(uow, [group_id])[0]
    rollout = Rollout(
        id=uuid7(),
        release_id=release.id,
        group_id=group.id,
        percent=percent,
        mode=mode,
        state="rolling",
        gate=dict(gate or {}),
        counted_from=uow.now(),
        started_by=actor.id,
        conditions=dict(conditions or {}),
        deadline=deadline,
    )
    decision = _require(uow, actor, "app.rollout.start", rollout, release, group)
    if release.state not in ("approved", "rolling", "released"):
        raise ReleaseState(f"This release is {release.state}; only an approved one is rolled out.")
    same = select(Rollout.id).where(Rollout.release_id == release.id, Rollout.group_id == group.id)
    if uow.session.scalar(same) is not None:
        raise RolloutExists
    if release.state == "approved":
        move(uow, actor, release, "rolling", reason)
    uow.session.add(rollout)
    _changed(uow, rollout, decision, reason)
    return rollout


def change(
    uow: UnitOfWork, actor: Actor, rollout_id: UUID, version: int, changes: Mapping[str, Any]
) -> Rollout:
    """Raise a rollout's `percent`, or change its `conditions`, its `deadline` or its health `gate`.

    `version` is the one read. Raises `PercentFalls`, `StaleVersion`.
    """
    rollout, release, group = _find(uow, rollout_id)
    decision = _require(uow, actor, "app.rollout.raise", rollout, release, group)
    if rollout.version != version:
        raise StaleVersion
    if changes.get("percent", rollout.percent) < rollout.percent:
        raise PercentFalls
    for name in ("percent", "conditions", "deadline", "gate"):
        if name in changes:
            setattr(rollout, name, changes[name])
    _changed(uow, rollout, decision, "")
    return rollout


def halt(uow: UnitOfWork, actor: Actor, rollout_id: UUID, reason: str) -> Rollout:
    """Let a rollout reach no further terminal; those that have the release keep it."""
    return _turn(uow, actor, rollout_id, "halted", reason)


def resume(uow: UnitOfWork, actor: Actor, rollout_id: UUID, reason: str) -> Rollout:
    """Let a halted rollout go on; only reports that come from now on count for its gate."""
    return _turn(uow, actor, rollout_id, "rolling", reason)


def halt_release(uow: UnitOfWork, actor: Actor, release_id: UUID, reason: str) -> list[Rollout]:
    """Halt a release in every ring at once; who asks must be permitted to in each of them."""
    find(uow, release_id, lock=True)
    rolling = select(Rollout.id).where(Rollout.release_id == release_id, Rollout.state == "rolling")
    ids = uow.session.scalars(rolling.order_by(Rollout.id)).all()
    if not ids:
        raise ReleaseState("This release is rolling nowhere.")
    return [halt(uow, actor, rollout_id, reason) for rollout_id in ids]


def complete(uow: UnitOfWork, actor: Actor, release_id: UUID, reason: str) -> Release:
    """Declare a release released; the one before is superseded.

    Raises `NotFinished` unless every ring stands at 100 percent and none is halted.
    """
    release = find(uow, release_id, lock=True)
    guard.require(uow, actor, "app.release.complete", target(uow, release)).note(reason=reason)
    open_rings = select(Rollout.id).where(
        Rollout.release_id == release.id,
        (Rollout.percent < 100) | (Rollout.state == "halted"),
    )
    if uow.session.scalar(open_rings.limit(1)) is not None:
        raise NotFinished
    move(uow, actor, release, "released", reason)
    earlier = select(Release).where(
        Release.app_id == release.app_id,
        Release.state == "released",
        Release.version_code < release.version_code,
    )
    for old in uow.session.scalars(earlier):
        move(uow, actor, old, "superseded", f"version {release.version_code} is released")
    uow.session.flush()
    refresh(uow, release.id)
    return release


def _turn(
    uow: UnitOfWork,
    actor: Actor,
    rollout_id: UUID,
    to: Literal["rolling", "halted"],
    reason: str,
) -> Rollout:
    rollout, release, group = _find(uow, rollout_id)
    verb = {"halted": "app.rollout.halt", "rolling": "app.rollout.resume"}[to]
    decision = _require(uow, actor, verb, rollout, release, group)
    if release.state not in ("rolling", "halted", "released"):
        raise ReleaseState(f"This release is {release.state}.")
    if rollout.state == to:
        decision.note(reason=reason, unchanged=True)
        return rollout
    rollout.state = to
    if to == "rolling":
        rollout.counted_from = uow.now()
    _changed(uow, rollout, decision, reason)
    follow(uow, actor, release, reason)
    return rollout


def _changed(uow: UnitOfWork, rollout: Rollout, decision: Decision, reason: str) -> None:
    uow.session.flush()
    concerned = refresh_ring(uow, rollout)
    decision.note(
        reason=reason,
        release=str(rollout.release_id),
        group=str(rollout.group_id),
        percent=rollout.percent,
        state=rollout.state,
        terms=Terms.of(rollout.conditions, rollout.deadline).told,
        gate=rollout.gate,
        terminals=concerned,
    )
    uow.emit(
        RolloutChanged(
            rollout_id=rollout.id,
            release_id=rollout.release_id,
            group_id=rollout.group_id,
            percent=rollout.percent,
            state=rollout.state,
        )
    )


def _find(uow: UnitOfWork, rollout_id: UUID) -> tuple[Rollout, Release, Group]:
    """Return a rollout with its release, locked, and its group."""
    query = (
        select(Rollout, Release, Group)
        .join(Release, Release.id == Rollout.release_id)
        .join(Group, Group.id == Rollout.group_id)
        .where(Rollout.id == rollout_id)
        .with_for_update(of=Release)
    )
    row = uow.session.execute(query).first()
    if row is None:
        raise RolloutNotFound
    return row[0], row[1], row[2]


def _require(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    rollout: Rollout,
    release: Release,
    group: Group,
) -> Decision:
    if action != "app.rollout.halt":
        refuse_stopped(uow, release.id)
    own = guard.may(uow, actor, "app.release.promote", target(uow, release))
    path = uow.kernel.people.unit(group.unit_id).path
    return guard.require(uow, actor, action, Target("Rollout", str(rollout.id), {"own": own}, path))
