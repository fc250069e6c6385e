"""Icons of releases: `/appstore/v1/releases/<id>/icon`."""

from functools import partial
from typing import Final
from uuid import UUID

from flask import Response

from appstore.icons import service
from muster.kernel.web import Auth, Blueprint, Content, actor, kernel, send, uow

blp = Blueprint(
    "appstore-icons",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/releases/<uuid:release_id>",
    description="Icons of releases",
)
_PICTURE: Final = {"schema": {"type": "string", "format": "binary"}}


@blp.route("/icon", auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.catalogue.read",))
@blp.doc(
    responses={
        "200": {
            "description": "The picture",
            "content": {"image/png": _PICTURE, "image/webp": _PICTURE},
        }
    }
)
def read_icon(release_id: UUID) -> Response:
    """Fetch the launcher icon of a release, PNG or WebP."""
    blob = service.icon_of(uow(), actor(), release_id)
    read = partial(kernel().blobs.open_shared, blob.sha256)
    answer = send(Content(blob.sha256, blob.size, blob.media_type, read))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
