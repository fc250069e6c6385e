"""What terminals fetch: `/agent/v1/apps/desired` and `/appstore/v1/downloads/<sha256>`."""

from functools import partial
from typing import Any, Final

from flask import Response

from appstore.downloads import service
from appstore.downloads.schemas import DesiredAppsSchema
from appstore.releases.intake import MEDIA_TYPE
from muster.kernel.web import Auth, Blueprint, Content, actor, kernel, send, uow

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
    """List the apps this terminal is to have or may have, plain and signed."""
    return service.desired(uow(), actor())


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
    file = service.fetch(uow(), actor(), sha256)
    read = partial(kernel().blobs.open_shared, sha256)
    return send(Content(sha256, file.size, file.media_type, read, _FOR_EVER, shared=True))
