"""What terminals fetch: `/agent/v1/apps/desired` and `/appstore/v1/downloads/<sha256>`."""

from typing import Any, Final

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from appstore.downloads import service
from appstore.downloads.errors import RangeNotSatisfiable
from appstore.downloads.schemas import DesiredAppsSchema
from appstore.downloads.service import Download
from appstore.releases.intake import MEDIA_TYPE
from muster.kernel.web import Auth, Blueprint, actor, uow

downloads = Blueprint(
    "appstore-downloads",
    __name__,
    audience="agent",
    url_prefix="/appstore/v1/downloads",
    description="Files of releases, for terminals",
)
agent = Blueprint(
    "agent-apps",
    __name__,
    audience="agent",
    url_prefix="/agent/v1/apps",
    description="The apps of a managed terminal",
)
_FOR_EVER: Final = "private, max-age=31536000, immutable"


@agent.route("/desired", auth=Auth.AGENT, actions=("app.agent.desired",))
@agent.response(200, DesiredAppsSchema)
def list_desired() -> dict[str, Any]:
    """List the apps this terminal is to have or may have."""
    return {"items": service.desired(uow(), actor())}


@downloads.route(
    "/<string(length=64):sha256>",
    auth=(Auth.AGENT, Auth.FIELD),
    actions=("app.agent.download", "app.release.download"),
)
@downloads.doc(
    responses={
        "200": {
            "description": "The file; ranges and conditions are honoured",
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
)
def download(sha256: str) -> Response:
    """Fetch the file of a release by its SHA-256 in lower-case hex."""
    return _send(service.fetch(uow(), actor(), sha256))


def _send(file: Download) -> Response:
    """Answer with a file, the part of it that is asked for, or that nothing changed."""
    response = Response(file, mimetype=MEDIA_TYPE, direct_passthrough=True)
    response.content_length = file.size
    response.headers["Cache-Control"] = _FOR_EVER
    response.set_etag(file.sha256)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    except RequestedRangeNotSatisfiable as error:
        raise RangeNotSatisfiable(file.size) from error
    return response
