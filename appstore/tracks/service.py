"""Which groups each track of an app reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from appstore.catalogue.lookup import find, target
from appstore.tracks.models import Track, TrackRing
from appstore.tracks.order import TRACKS
from mdm.groups import groups_in
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Lane:
    """A track of an app with its rings; `version` is 0 before anybody set it up."""

    name: str
    version: int
    rings: Sequence[TrackRing]


def listing(uow: UnitOfWork, actor: Actor, package: str) -> list[Lane]:
    """Return the three tracks of an app in their order."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    return lanes(uow, find(uow, package).id)


def lanes(uow: UnitOfWork, app_id: UUID) -> list[Lane]:
    """Return the tracks of an app that the caller has been let see."""
    tracks = {
        track.name: track for track in uow.session.scalars(select(Track).filter_by(app_id=app_id))
    }
    query = select(TrackRing).where(TrackRing.track_id.in_([one.id for one in tracks.values()]))
    rings = uow.session.scalars(query.order_by(TrackRing.group_id)).all()
    return [
        Lane(
            name,
            tracks[name].version if name in tracks else 0,
            [one for one in rings if name in tracks and one.track_id == tracks[name].id],
        )
        for name in TRACKS
    ]


def change(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    name: str,
    rings: Sequence[Mapping[str, Any]],
    version: int,
) -> Lane:
    """Say which groups a track reaches, each with a share and a mode; `version` is the one read.

    Raises `StaleVersion` and `GroupNotFound`. Rollouts that began go on as they are.
    """
    app = find(uow, package, lock=True)
    decision = guard.require(uow, actor, "app.track.change", target(uow, app))
    track = uow.session.scalar(select(Track).filter_by(app_id=app.id, name=name))
    if version != (track.version if track else 0):
        raise StaleVersion
    wanted = {ring["group_id"]: ring for ring in rings}
    groups_in(uow, list(wanted))
    if track is None:
        track = Track(id=uuid7(), app_id=app.id, name=name)
        uow.session.add(track)
    else:
        track.updated_at = uow.now()  # which raises its version: the rings are rows of their own
        uow.session.execute(delete(TrackRing).where(TrackRing.track_id == track.id))
    uow.session.flush()
    kept = [TrackRing(track_id=track.id, **ring) for ring in wanted.values()]
    uow.session.add_all(kept)
    uow.session.flush()
    decision.note(track=name, groups=[str(group_id) for group_id in wanted])
    return Lane(name, track.version, sorted(kept, key=lambda ring: ring.group_id))
