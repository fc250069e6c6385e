"""Promoting a release: rollouts begin, or rise, in every ring of a track."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.releases.errors import ReleaseState
from appstore.releases.lookup import find, target
from appstore.releases.models import Release
from appstore.rollouts import service as rollouts
from appstore.rollouts.models import Rollout
from appstore.tracks.errors import PromotionOpen, TrackEmpty
from appstore.tracks.models import TrackRing
from appstore.tracks.order import needs_approver, skipped
from appstore.tracks.service import lanes
from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

EARLY: Final = "app.release.promote_early"
_GOES_OUT: Final = ("approved", "rolling", "released")


@dataclass(frozen=True)
class Promotion:
    """What became of it: rollouts, earlier tracks it left out, and a request that must be decided."""

    rollouts: Sequence[Rollout] = ()
    skipped: Sequence[str] = ()
    approval: Approval | None = None


def promote(
    uow: UnitOfWork,
    actor: Actor,
    release_id: UUID,
    *,
    track: str,
    percent: int | None = None,
    mode: str | None = None,
    reason: str,
) -> Promotion:
    """Send a release to a track; without percent and mode, as the track's rings say.

    Leaving the internal track out is told and done. To production before the pilot waits for an
    approver. Raises `TrackEmpty`, `PromotionOpen`, `ReleaseState` and what a rollout refuses with.
    """
    release = find(uow, release_id, lock=True)
    decision = guard.require(uow, actor, "app.release.promote", target(uow, release))
    been = tracks_of(uow, release)
    left_out = skipped(track, been)
    decision.note(reason=reason, track=track, skipped=list(left_out))
    if release.state not in _GOES_OUT:
        raise ReleaseState(f"This release is {release.state}; only an approved one is promoted.")
    if not _rings(uow, release, track):
        raise TrackEmpty
    wish = {"track": track, "percent": percent, "mode": mode}
    if not needs_approver(track, been):
        return Promotion(_send(uow, actor, release, wish, reason), left_out)
    if approvals.open_for(uow, EARLY, str(release.id)) is not None:
        raise PromotionOpen
    name = f"{release.package} {release.version_name} ({release.version_code})"
    approval = approvals.ask(
        uow,
        actor,
        EARLY,
        [target(uow, release)],
        body=wish,
        reason=reason,
        label=f"Production before the pilot: {name}"[:200],
    )
    return Promotion(skipped=left_out, approval=approval)


def tracks_of(uow: UnitOfWork, release: Release) -> frozenset[str]:
    """Return the tracks of which a release has been sent to a ring."""
    if release.app_id is None:
        return frozenset()
    query = select(Rollout.group_id).where(Rollout.release_id == release.id)
    reached = set(uow.session.scalars(query))
    return frozenset(
        lane.name
        for lane in lanes(uow, release.app_id)
        if any(ring.group_id in reached for ring in lane.rings)
    )


class PromoteExecutor:
    """Sends a release to production that was not in the pilot, once an approver agrees."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the releases as they are today, locked."""
        return [target(uow, find(uow, UUID(one), lock=True)) for one in resource_ids]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Begin the rollouts in the requester's name."""
        release = find(uow, UUID(approval.resource_ids[0]), lock=True)
        begun = _send(uow, requester, release, approval.body, approval.reason)
        return {"rollouts": [str(rollout.id) for rollout in begun]}


def _rings(uow: UnitOfWork, release: Release, track: str) -> Sequence[TrackRing]:
    if release.app_id is None:
        return ()
    return next(lane.rings for lane in lanes(uow, release.app_id) if lane.name == track)


def _send(
    uow: UnitOfWork, actor: Actor, release: Release, wish: dict[str, Any], reason: str
) -> list[Rollout]:
    query = select(Rollout).where(Rollout.release_id == release.id)
    there = {rollout.group_id: rollout for rollout in uow.session.scalars(query)}
    sent = []
    for ring in _rings(uow, release, wish["track"]):
        percent = wish["percent"] or ring.percent
        rollout = there.get(ring.group_id)
        if rollout is None:
            rollout = rollouts.start(
                uow,
                actor,
                release.id,
                group_id=ring.group_id,
                percent=percent,
                mode=wish["mode"] or ring.mode,
                reason=reason,
            )
        elif percent > rollout.percent:
            changes = {"percent": percent}
            rollouts.change(uow, actor, rollout.id, rollout.version, changes)
        sent.append(rollout)
    return sent
