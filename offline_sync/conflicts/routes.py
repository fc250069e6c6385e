"""Kept work for supervisors: `/admin/v1/conflicts`."""

from typing import Any
from uuid import UUID

from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    actor,
    answer_version,
    decode_id,
    expected_version,
    page,
    page_schema,
    uow,
)
from offline_sync.conflicts import service
from offline_sync.conflicts.models import ConflictCopy
from offline_sync.conflicts.schemas import (
    ConflictCopySchema,
    ConflictQuery,
    OpenedCopySchema,
    ResolutionSchema,
)

blp = Blueprint(
    "sync_conflicts",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/conflicts",
    description="Work of terminals that was not applied",
)


@blp.route(
    "", auth=Auth.CONSOLE, actions=("offline_sync.conflict.list", "offline_sync.conflict.read")
)
@blp.arguments(ConflictQuery, location="query")
@blp.response(200, page_schema(ConflictCopySchema))
def list_conflicts(query: dict[str, Any]) -> Page[ConflictCopy]:
    """List kept work of one's units, newest first."""
    rows = service.listing(
        uow(),
        actor(),
        state=query["state"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/<uuid:copy_id>", auth=Auth.CONSOLE, actions=("offline_sync.conflict.read",))
@blp.response(200, OpenedCopySchema)
def read_conflict(copy_id: UUID) -> service.Opened:
    """Read one with its content; who read it is recorded."""
    opened = service.read(uow(), actor(), copy_id)
    answer_version(opened.copy.version)
    return opened


@blp.route(
    "/<uuid:copy_id>/resolve",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("offline_sync.conflict.resolve",),
)
@blp.arguments(ResolutionSchema)
@blp.response(200, ConflictCopySchema)
def resolve_conflict(body: dict[str, Any], copy_id: UUID) -> ConflictCopy:
    """Say what became of it; the content is erased."""
    copy = service.resolve(uow(), actor(), copy_id, expected_version(), body["resolution"])
    answer_version(copy.version)
    return copy
