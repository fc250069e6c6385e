"""tus 1.0.0 at `/uploads`: core, creation (with upload), checksum, termination, expiration."""

from datetime import UTC
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import ClientDisconnected

from muster.kernel.errors import BodyTruncated, Malformed
from muster.kernel.uploads import headers, service
from muster.kernel.uploads.errors import VERSION, OffsetTypeRequired
from muster.kernel.uploads.models import Upload
from muster.kernel.uploads.ports import TARGETS
from muster.kernel.web import Auth, Blueprint, Mode, actor, kernel, uow

LIMIT = 64 * 2**30
SENDERS = (Auth.PUBLISHER, Auth.CONSOLE, Auth.AGENT, Auth.FIELD)

blp = Blueprint(
    "uploads",
    __name__,
    audience="field",
    url_prefix="/uploads",
    description="Resumable uploads (tus 1.0.0)",
)


class _Stream:
    """The request's body, with a lost connection told in the kernel's words."""

    def read(self, size: int, /) -> bytes:
        try:
            return request.stream.read(size)
        except ClientDisconnected as error:
            raise BodyTruncated from error


@blp.after_request
def speak_tus(response: Response) -> Response:
    """Name the protocol version on every answer, refusals included."""
    response.headers["Tus-Resumable"] = VERSION
    return response


@blp.route("", methods=["OPTIONS"], auth=Auth.OPEN)
@blp.response(204)
def discover() -> Response:
    """Say what this server speaks."""
    return _abilities()


@blp.route("/<uuid:upload_id>", methods=["OPTIONS"], auth=Auth.OPEN)
@blp.response(204)
def discover_at(upload_id: UUID) -> Response:
    """Say what this server speaks; clients may ask at any upload, known or not."""
    return _abilities()


@blp.route(
    "",
    methods=["POST"],
    auth=SENDERS,
    mode=Mode.READS,
    limit=LIMIT,
    actions=("uploads.begin", "uploads.send"),
)
@blp.response(201)
def begin() -> Response:
    """Begin an upload; a body, if any, is its first part."""
    headers.check_version(request.headers.get("Tus-Resumable"))
    length = headers.parse_number("Upload-Length", request.headers.get("Upload-Length"))
    metadata = headers.parse_metadata(request.headers.get("Upload-Metadata"))
    with_body = request.content_type == headers.CONTENT_TYPE
    checksum = headers.parse_checksum(request.headers.get("Upload-Checksum"))
    upload = service.begin(uow(), actor(), length, metadata)
    if with_body:
        upload = service.append(
            uow(),
            actor(),
            upload.id,
            0,
            _Stream(),
            announced=request.content_length,
            checksum=checksum,
        )
    return _answer(201, upload, Location=f"{blp.url_prefix}/{upload.id}")


@blp.route("/<uuid:upload_id>", methods=["HEAD"], auth=SENDERS, actions=("uploads.send",))
@blp.response(200)
def status(upload_id: UUID) -> Response:
    """Say how far an upload has come."""
    headers.check_version(request.headers.get("Tus-Resumable"))
    upload = service.status(uow(), actor(), upload_id)
    known = {
        "Upload-Length": str(upload.length),
        "Upload-Metadata": headers.format_metadata(upload.details),
        "Cache-Control": "no-store",
    }
    return _answer(200, upload, **known)


@blp.route(
    "/<uuid:upload_id>",
    methods=["PATCH"],
    auth=SENDERS,
    mode=Mode.READS,
    limit=LIMIT,
    actions=("uploads.send",),
)
@blp.response(204)
def append(upload_id: UUID) -> Response:
    """Send the next part."""
    headers.check_version(request.headers.get("Tus-Resumable"))
    if request.content_type != headers.CONTENT_TYPE:
        raise OffsetTypeRequired
    upload = service.append(
        uow(),
        actor(),
        upload_id,
        headers.parse_number("Upload-Offset", request.headers.get("Upload-Offset")),
        _Stream(),
        announced=request.content_length,
        checksum=headers.parse_checksum(request.headers.get("Upload-Checksum")),
    )
    return _answer(204, upload)


@blp.route(
    "/<uuid:upload_id>",
    methods=["DELETE"],
    auth=SENDERS,
    mode=Mode.READS,
    actions=("uploads.send",),
)
@blp.response(204)
def terminate(upload_id: UUID) -> Response:
    """Give an upload up."""
    headers.check_version(request.headers.get("Tus-Resumable"))
    service.terminate(uow(), actor(), upload_id)
    return Response(status=204)


@blp.route(
    "/<uuid:upload_id>",
    methods=["POST"],
    auth=SENDERS,
    mode=Mode.READS,
    limit=LIMIT,
    actions=("uploads.send",),
)
@blp.response(204)
def overridden(upload_id: UUID) -> Response:
    """PATCH or DELETE for clients that cannot send them (X-HTTP-Method-Override)."""
    verbs: dict[str, Any] = {"PATCH": append, "DELETE": terminate}
    verb = verbs.get(request.headers.get("X-HTTP-Method-Override", "").upper())
    if verb is None:
        raise Malformed("Say PATCH or DELETE in X-HTTP-Method-Override.")
    answer: Response = verb(upload_id)
    return answer


def _answer(code: int, upload: Upload, **extra: str) -> Response:
    expires = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    fixed = {"Upload-Offset": str(upload.offset), "Upload-Expires": expires}
    return Response(status=code, headers={**fixed, **extra})


def _abilities() -> Response:
    largest = max((t.max_bytes for t in kernel().ports.all(TARGETS).values()), default=0)
    return Response(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": ",".join(headers.EXTENSIONS),
            "Tus-Checksum-Algorithm": ",".join(headers.ALGORITHMS),
            "Tus-Max-Size": str(largest),
        },
    )
