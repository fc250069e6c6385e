"""Releases for publishers, their pipelines and the console: `/appstore/v1/releases`."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.exceptions import ClientDisconnected

from appstore.releases import intake, service
from appstore.releases.form import PIECE, file_of
from appstore.releases.intake import MEDIA_TYPE
from appstore.releases.models import Release
from appstore.releases.schemas import (
    AskedSchema,
    ConsentGivenSchema,
    ReasonSchema,
    ReleaseQuery,
    ReleaseSchema,
    ReleaseSummarySchema,
    SubmitSchema,
    UploadQuery,
)
from appstore.releases.service import Sight
from appstore.releases.spool import LIMIT
from muster.kernel.approvals import Approval
from muster.kernel.errors import BodyTruncated
from muster.kernel.web import (
    Auth,
    Blueprint,
    Mode,
    Page,
    actor,
    decode_id,
    kernel,
    page,
    page_schema,
    problems,
    uow,
)

blp = Blueprint(
    "appstore-releases",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/releases",
    description="Releases: upload, review, retirement",
)
_READERS = (Auth.PUBLISHER, Auth.CONSOLE)
_RAW = (MEDIA_TYPE, "application/octet-stream")
_FORM = "multipart/form-data"
_ENVELOPE = 64 * 1024
_BYTES = {"type": "string", "format": "binary"}
_UPLOAD = {
    "required": True,
    "content": {
        **{name: {"schema": _BYTES} for name in _RAW},
        _FORM: {"schema": {"type": "object", "properties": {"file": _BYTES}}},
    },
}


@blp.route(
    "",
    methods=["POST"],
    auth=_READERS,
    mode=Mode.READS,
    limit=LIMIT + _ENVELOPE,
    actions=("app.release.submit",),
)
@blp.doc(requestBody=_UPLOAD)
@blp.arguments(UploadQuery, location="query")
@blp.response(201, ReleaseSchema)
def upload_release(query: dict[str, Any]) -> Sight:
    """Upload an APK, as the body or as a form's part `file`; it then waits for a second person."""
    brought = intake.Brought(
        notes=query["notes"],
        package=query["package"],
        urgent=query["reason"] if query["urgent"] else "",
        reissues=query["reissues"],
    )
    vetted = intake.receive(uow(), actor(), _content(), brought)
    with kernel().reads() as unit:
        return service.sight(unit, vetted.release)


@blp.route("", auth=_READERS, actions=("app.catalogue.read",))
@blp.arguments(ReleaseQuery, location="query")
@blp.response(200, page_schema(ReleaseSummarySchema))
def list_releases(query: dict[str, Any]) -> Page[Release]:
    """List releases, newest first."""
    rows = service.listing(
        uow(),
        actor(),
        state=query["state"],
        package=query["package"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/<uuid:release_id>", auth=_READERS, actions=("app.catalogue.read",))
@blp.response(200, ReleaseSchema)
def read_release(release_id: UUID) -> Sight:
    """Read one release with its checks; one sent by tus carries the upload's id."""
    return service.read(uow(), actor(), release_id)


@blp.route(
    "/<uuid:release_id>/submit",
    methods=["POST"],
    auth=_READERS,
    actions=("app.release.publish",),
)
@blp.arguments(SubmitSchema)
@blp.response(202, AskedSchema)
def submit_release(body: dict[str, Any], release_id: UUID) -> Approval:
    """Ask for approval again, after a request expired or was refused; or anew, as urgent."""
    return service.submit(uow(), actor(), release_id, **body)


@blp.route(
    "/<uuid:release_id>/approve",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.release.publish.approve", "app.release.publish"),
)
@blp.arguments(ConsentGivenSchema)
@blp.response(200, ReleaseSchema)
def approve_release(body: dict[str, Any], release_id: UUID) -> Sight:
    """Agree to a release; `progress` says whether one more approver must."""
    return service.approve(uow(), actor(), release_id, body["note"])


@blp.route(
    "/<uuid:release_id>/reject",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.release.reject", "app.release.publish.approve", "approvals.withdraw"),
)
@blp.arguments(ReasonSchema)
@blp.response(200, ReleaseSummarySchema)
def reject_release(body: dict[str, Any], release_id: UUID) -> Release:
    """Say no to a release in review, or take one's own back."""
    return service.reject(uow(), actor(), release_id, body["reason"])


@blp.route(
    "/<uuid:release_id>/retire",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.release.retire",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, ReleaseSummarySchema)
def retire_release(body: dict[str, Any], release_id: UUID) -> Release:
    """Take a release out of the store because its time is over."""
    return service.withdraw(uow(), actor(), release_id, "retired", body["reason"])


@blp.route(
    "/<uuid:release_id>/block",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.release.block",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, ReleaseSummarySchema)
def block_release(body: dict[str, Any], release_id: UUID) -> Release:
    """Take a release out of the store because it harms."""
    return service.withdraw(uow(), actor(), release_id, "blocked", body["reason"])


def _content() -> Iterator[bytes]:
    """Read the APK piece by piece; nothing is read before the first piece is asked for."""
    body = request.stream
    try:
        if request.mimetype == _FORM:
            yield from file_of(body, request.mimetype_params.get("boundary", ""), "file")
        elif request.mimetype in _RAW:
            yield from iter(lambda: body.read(PIECE), b"")
        else:
            raise problems.UnsupportedMedia
    except ClientDisconnected as error:
        raise BodyTruncated from error
