"""Records from terminals at `/mobile/v1`, and their review at `/admin/v1/records`."""

from typing import Any, Final
from uuid import UUID

from flask import Response, jsonify, request

from mobile_api.submissions import service
from mobile_api.submissions.document import SubmissionSchema, SubmittedDocument, from_json
from mobile_api.submissions.odk_xml import from_xml
from mobile_api.submissions.pipeline import receive
from mobile_api.submissions.schemas import (
    OwnRecordSchema,
    ReceivedSchema,
    RecordDetailSchema,
    RecordLineSchema,
    RecordQuery,
)
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    actor,
    decode_id,
    page,
    page_schema,
    problems,
    uow,
)

LIMIT: Final = 1024 * 1024
_XML: Final = ("application/xml", "text/xml")
_SHOWN: Final = ("image/jpeg", "image/png", "image/webp")

field = Blueprint(
    "records", __name__, audience="field", url_prefix="/mobile/v1", description="Records"
)
admin = Blueprint(
    "record_review",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/records",
    description="Records of one's units",
)
BLUEPRINTS = (field, admin)


@field.route(
    "/submissions",
    methods=["POST"],
    auth=Auth.FIELD,
    limit=LIMIT,
    actions=("field.record.create", "field.check.run", "field.check.see_detail"),
)
@field.doc(
    requestBody={
        "required": True,
        "content": {
            "application/json": {"schema": SubmissionSchema},
            "application/xml": {"schema": {"type": "string"}},
        },
    }
)
@field.response(201, ReceivedSchema)
@field.alt_response(200, schema=ReceivedSchema, description="Recorded before", success=True)
def submit() -> tuple[Response, int]:
    """Record a filled form, as JSON or as the XML of an ODK instance.

    `instance_id` makes it safe to repeat: the same record again is answered with 200 and the
    same feedback, other content under the same id with 409. No Idempotency-Key is needed; one
    that is sent is not looked at.
    """
    received = receive(uow(), actor(), _document())
    return jsonify(received.answer), 201 if received.created else 200


@field.route("/records/<uuid:record_id>", auth=Auth.FIELD, actions=("field.record.read",))
@field.response(200, OwnRecordSchema)
def read_own(record_id: UUID) -> dict[str, Any]:
    """Read one's own record: its answers, which files are still missing, the feedback."""
    return service.own(uow(), actor(), record_id)


@admin.route("", auth=Auth.CONSOLE, actions=("field.record.list", "field.record.review"))
@admin.arguments(RecordQuery, location="query")
@admin.response(200, page_schema(RecordLineSchema))
def list_records(query: dict[str, Any]) -> Page[service.Line]:
    """List records of one's units, newest first."""
    rows = service.listing(
        uow(),
        actor(),
        incident=query["incident"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda line: [line.submission.id])


@admin.route("/<uuid:record_id>", auth=Auth.CONSOLE, actions=("field.record.review",))
@admin.response(200, RecordDetailSchema)
def review(record_id: UUID) -> service.Detail:
    """Read one record of one's units."""
    return service.review(uow(), actor(), record_id)


@admin.route(
    "/<uuid:record_id>/attachments/<path:name>",
    auth=Auth.CONSOLE,
    actions=("field.record.see_file",),
)
@admin.response(200, content_type="application/octet-stream")
def attachment(record_id: UUID, name: str) -> Response:
    """Read a file of a record, decrypted while it streams."""
    blob, content = service.attachment(uow(), actor(), record_id, name)
    shown = blob.media_type if blob.media_type in _SHOWN else "application/octet-stream"
    response = Response(content, content_type=shown)
    response.content_length = blob.size
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _document() -> SubmittedDocument:
    if request.mimetype == "application/json":
        return from_json(request.get_data(cache=False))
    if request.mimetype in _XML:
        return from_xml(request.get_data(cache=False))
    raise problems.UnsupportedMedia("Send application/json, or application/xml of an instance.")
