"""Web apps for publishers and their pipelines: `/appstore/v1/web-releases` and `/web-bundles`."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.exceptions import ClientDisconnected

from appstore.releases import service as releases
from appstore.releases.form import PIECE, file_of
from appstore.releases.schemas import ReleaseSchema
from appstore.releases.service import Sight
from appstore.webapps import bundles, intake
from appstore.webapps.models import WebBundle
from appstore.webapps.schemas import WebBundleSchema, WebReleaseSchema
from muster.kernel.errors import BodyTruncated
from muster.kernel.web import Auth, Blueprint, Mode, actor, kernel, problems, uow

blp = Blueprint(
    "appstore-web-apps",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Web apps: pages that are released like packages",
)
_PUBLISHERS = (Auth.PUBLISHER, Auth.CONSOLE)
_RAW = (bundles.MEDIA_TYPE, "application/octet-stream")
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
    "/web-releases",
    methods=["POST"],
    auth=_PUBLISHERS,
    mode=Mode.READS,
    limit=512 * 1024,
    actions=("app.release.submit",),
)
@blp.arguments(WebReleaseSchema)
@blp.response(201, ReleaseSchema)
def submit_web_release(body: dict[str, Any]) -> Sight:
    """Submit a version of a web app; it then waits for a second person, like any release."""
    vetted = intake.submit(uow(), actor(), body)
    with kernel().reads() as unit:
        return releases.sight(unit, vetted.release)


@blp.route(
    "/web-bundles",
    methods=["POST"],
    auth=_PUBLISHERS,
    mode=Mode.READS,
    limit=bundles.LIMIT + _ENVELOPE,
    actions=("app.release.submit",),
)
@blp.doc(requestBody=_UPLOAD)
@blp.response(201, WebBundleSchema)
def upload_bundle() -> WebBundle:
    """Upload a zip of static files, as the body or as a form's part `file`."""
    return bundles.receive(uow(), actor(), _content())


@blp.route("/web-bundles/<uuid:bundle_id>", auth=_PUBLISHERS, actions=("app.release.submit",))
@blp.response(200, WebBundleSchema)
def read_bundle(bundle_id: UUID) -> WebBundle:
    """Read one of your bundles; one sent by tus carries the upload's id."""
    return bundles.read(uow(), actor(), bundle_id)


def _content() -> Iterator[bytes]:
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
