"""Whom an app is for: `/appstore/v1/apps/<package>/assignments`."""

from typing import Any
from uuid import UUID

from appstore.assignments import service
from appstore.assignments.access import IMPOSE, WRITE
from appstore.assignments.draft import Draft
from appstore.assignments.impact import Impact
from appstore.assignments.models import Assignment
from appstore.assignments.schemas import (
    AssignmentChangeSchema,
    AssignmentDraftSchema,
    AssignmentImpactSchema,
    AssignmentSchema,
)
from appstore.assignments.service import Seen
from mdm.audiences import Audience, audience
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    answer_version,
    decode_id,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "appstore-assignments",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/apps/<string(maxlength=223):package>/assignments",
    description="Which audiences must have an app, may have it, or must not",
)
_ONE = "/<uuid:assignment_id>"
_WRITES = (WRITE, IMPOSE)


@blp.route("", auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.catalogue.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(AssignmentSchema))
def list_assignments(query: dict[str, Any], package: str) -> Page[Seen]:
    """List the assignments of an app, newest first."""
    after = decode_id(query["after"])
    rows = service.listing(uow(), actor(), package, after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda seen: [seen.row.id])


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=_WRITES)
@blp.arguments(AssignmentDraftSchema)
@blp.response(201, AssignmentSchema)
def create_assignment(body: dict[str, Any], package: str) -> Seen:
    """Require an app of an audience, let it have it, or block it there."""
    return _shown(service.assign(uow(), actor(), package, *_drafted(body)))


@blp.route("/preview", methods=["POST"], auth=Auth.CONSOLE, actions=("app.catalogue.read",))
@blp.arguments(AssignmentDraftSchema)
@blp.response(200, AssignmentImpactSchema)
def preview_assignment(body: dict[str, Any], package: str) -> Impact:
    """Try an assignment: how many terminals would get or lose the app. Nothing is changed."""
    return service.preview(uow(), actor(), package, *_drafted(body))


@blp.route(_ONE, auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.catalogue.read",))
@blp.response(200, AssignmentSchema)
def read_assignment(package: str, assignment_id: UUID) -> Seen:
    """Read one assignment; its version is the ETag."""
    found = service.read(uow(), actor(), package, assignment_id)
    return _shown(found.row)


@blp.route(_ONE, methods=["PATCH"], auth=Auth.CONSOLE, actions=_WRITES)
@blp.arguments(AssignmentChangeSchema)
@blp.response(200, AssignmentSchema)
def change_assignment(body: dict[str, Any], package: str, assignment_id: UUID) -> Seen:
    """Change an assignment; send the version you read as If-Match."""
    version = expected_version()
    return _shown(service.change(uow(), actor(), package, assignment_id, version, body))


@blp.route(_ONE, methods=["DELETE"], auth=Auth.CONSOLE, actions=_WRITES)
@blp.response(204)
def remove_assignment(package: str, assignment_id: UUID) -> None:
    """Take an assignment back; send the version you read as If-Match."""
    service.remove(uow(), actor(), package, assignment_id, expected_version())


def _drafted(body: dict[str, Any]) -> tuple[Audience, Draft]:
    named = (body.pop(name) for name in ("audience", "ref", "rule"))
    return audience(uow(), *named), Draft(**body)


def _shown(row: Assignment) -> Seen:
    answer_version(row.version)
    return service.seen(uow(), [row])[0]
