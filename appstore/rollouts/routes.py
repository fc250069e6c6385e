"""Rollouts for publishers and device admins: below a release, and `/appstore/v1/rollouts`."""

from typing import Any
from uuid import UUID

from appstore.releases.models import Release
from appstore.releases.schemas import ReasonSchema, ReleaseSummarySchema
from appstore.rollouts import service
from appstore.rollouts.models import Rollout
from appstore.rollouts.schemas import (
    RingsSchema,
    RolloutChangeSchema,
    RolloutSchema,
    RolloutStartSchema,
)
from muster.kernel.web import (
    Auth,
    Blueprint,
    actor,
    answer_version,
    expected_version,
    uow,
)

blp = Blueprint(
    "appstore-rollouts",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Rollouts: ring by ring",
)
_RINGS = "/releases/<uuid:release_id>/rollouts"


@blp.route(_RINGS, auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.catalogue.read",))
@blp.response(200, RingsSchema)
def list_rollouts(release_id: UUID) -> dict[str, Any]:
    """List the rings of a release with their counts."""
    return {"items": service.listing(uow(), actor(), release_id)}


@blp.route(_RINGS, methods=["POST"], auth=Auth.CONSOLE, actions=("app.rollout.start",))
@blp.arguments(RolloutStartSchema)
@blp.response(201, RolloutSchema)
def start_rollout(body: dict[str, Any], release_id: UUID) -> Rollout:
    """Begin to roll a release out to a group of terminals."""
    rollout = service.start(uow(), actor(), release_id, **body)
    answer_version(rollout.version)
    return rollout


@blp.route(
    "/releases/<uuid:release_id>/halt",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.rollout.halt",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, RolloutSchema(many=True))
def halt_release(body: dict[str, Any], release_id: UUID) -> list[Rollout]:
    """Halt a release in every ring at once."""
    return service.halt_release(uow(), actor(), release_id, body["reason"])


@blp.route(
    "/releases/<uuid:release_id>/complete",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.release.complete",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, ReleaseSummarySchema)
def complete_release(body: dict[str, Any], release_id: UUID) -> Release:
    """Declare a release released: all its rings stand at 100 percent."""
    return service.complete(uow(), actor(), release_id, body["reason"])


@blp.route(
    "/rollouts/<uuid:rollout_id>",
    methods=["PATCH"],
    auth=Auth.CONSOLE,
    actions=("app.rollout.raise",),
)
@blp.arguments(RolloutChangeSchema)
@blp.response(200, RolloutSchema)
def change_rollout(body: dict[str, Any], rollout_id: UUID) -> Rollout:
    """Raise the percentage, change conditions or health gate; send the version as If-Match."""
    rollout = service.change(uow(), actor(), rollout_id, expected_version(), body)
    answer_version(rollout.version)
    return rollout


@blp.route(
    "/rollouts/<uuid:rollout_id>/halt",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.rollout.halt",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, RolloutSchema)
def halt_rollout(body: dict[str, Any], rollout_id: UUID) -> Rollout:
    """Let a rollout reach no further terminal."""
    return service.halt(uow(), actor(), rollout_id, body["reason"])


@blp.route(
    "/rollouts/<uuid:rollout_id>/resume",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.rollout.resume",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, RolloutSchema)
def resume_rollout(body: dict[str, Any], rollout_id: UUID) -> Rollout:
    """Let a halted rollout go on."""
    return service.resume(uow(), actor(), rollout_id, body["reason"])
