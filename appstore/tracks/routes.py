"""Tracks of an app, and promotion to one: below `/appstore/v1/apps` and `/appstore/v1/releases`."""

from typing import Any
from uuid import UUID

from appstore.tracks import promoting, service
from appstore.tracks.order import TRACKS
from appstore.tracks.promoting import Promotion
from appstore.tracks.schemas import (
    PromoteSchema,
    PromotionSchema,
    TrackChangeSchema,
    TrackSchema,
    TracksSchema,
)
from appstore.tracks.service import Lane
from muster.kernel.web import Auth, Blueprint, actor, answer_version, expected_version, uow

blp = Blueprint(
    "appstore-tracks",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Tracks: internal, pilot, production",
)
_BOTH = (Auth.PUBLISHER, Auth.CONSOLE)
_TRACK = f"/apps/<string(maxlength=223):package>/tracks/<any({','.join(TRACKS)}):name>"


@blp.route(
    "/apps/<string(maxlength=223):package>/tracks", auth=_BOTH, actions=("app.catalogue.read",)
)
@blp.response(200, TracksSchema)
def list_tracks(package: str) -> dict[str, Any]:
    """List the tracks of an app with the groups that each reaches."""
    return {"items": service.listing(uow(), actor(), package)}


@blp.route(_TRACK, methods=["PUT"], auth=Auth.CONSOLE, actions=("app.track.change",))
@blp.arguments(TrackChangeSchema)
@blp.response(200, TrackSchema)
def change_track(body: dict[str, Any], package: str, name: str) -> Lane:
    """Say which groups a track reaches; send the version you read as If-Match."""
    lane = service.change(uow(), actor(), package, name, body["rings"], expected_version())
    answer_version(lane.version)
    return lane


@blp.route(
    "/releases/<uuid:release_id>/promote",
    methods=["POST"],
    auth=_BOTH,
    actions=(
        "app.release.promote",
        "app.release.promote_early",
        "app.rollout.start",
        "app.rollout.raise",
    ),
)
@blp.arguments(PromoteSchema)
@blp.response(200, PromotionSchema)
def promote_release(body: dict[str, Any], release_id: UUID) -> Promotion:
    """Send a release to a track: rollouts begin, or rise, in each of its rings."""
    return promoting.promote(uow(), actor(), release_id, **body)
