"""Packages for terminals: `/mobile/v1/packages` and the keys of their manifests."""

from typing import Any
from uuid import UUID

from flask import Response

from mobile_api.packages import service
from mobile_api.packages.kinds import KINDS, MEDIA_TYPE
from mobile_api.packages.schemas import FieldPackagesSchema, ManifestKeysSchema
from muster.kernel.web import Auth, Blueprint, Content, actor, send, uow

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
    package, read = service.content(uow(), actor(), package_id)
    shared = not KINDS[package.kind].sealed
    return send(Content(package.sha256, package.size, MEDIA_TYPE, read, shared=shared))


@blp.route("/keys/manifest", auth=Auth.FIELD, actions=("field.package.keys",))
@blp.response(200, ManifestKeysSchema)
def manifest_keys() -> dict[str, Any]:
    """Give the public keys that check manifests; keep them beside the packages."""
    return service.manifest_keys(uow(), actor())
