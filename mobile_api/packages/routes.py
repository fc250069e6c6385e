"""Packages for terminals: `/mobile/v1/packages` and the keys of their manifests."""

from typing import Any
from uuid import UUID

from flask import Response, request

from mobile_api.packages import service
from mobile_api.packages.kinds import MEDIA_TYPE
from mobile_api.packages.ranges import wanted
from mobile_api.packages.schemas import FieldPackagesSchema, ManifestKeysSchema
from muster.kernel.web import Auth, Blueprint, actor, uow

blp = Blueprint(
    "packages",
    __name__,
    audience="field",
    url_prefix="/mobile/v1",
    description="Signed files for offline use: hot list and address library",
)


@blp.route("/packages", auth=Auth.FIELD, actions=("field.package.list",))
@blp.response(200, FieldPackagesSchema)
def list_packages() -> dict[str, Any]:
    """List the packages that may be held on this terminal."""
    return {"items": service.listing(uow(), actor())}


@blp.route(
    "/packages/<uuid:package_id>/content", auth=Auth.FIELD, actions=("field.package.download",)
)
@blp.response(
    200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPE, description="Or 206, 304"
)
def fetch_content(package_id: UUID) -> Response:
    """Fetch a package, whole or by one range; the ETag is its SHA-256, so a cut can be mended."""
    content = service.content(uow(), actor(), package_id)
    etag = content.package.sha256
    if request.if_none_match.contains(etag):
        return _with_etag(Response(status=304), etag)
    part = wanted(request.range, request.headers.get("If-Range", ""), etag, content.package.size)
    body = content.read(part.start, part.length)
    answer = Response(body, 206 if part.partial else 200, mimetype=content.media_type)
    answer.content_length = part.length
    if part.partial:
        answer.headers["Content-Range"] = part.content_range
    return _with_etag(answer, etag)


@blp.route("/keys/manifest", auth=Auth.FIELD, actions=("field.package.keys",))
@blp.response(200, ManifestKeysSchema)
def manifest_keys() -> dict[str, Any]:
    """Give the public keys that check manifests; keep them beside the packages."""
    return service.manifest_keys(uow(), actor())


def _with_etag(answer: Response, etag: str) -> Response:
    answer.set_etag(etag)
    answer.accept_ranges = "bytes"
    return answer
