"""What a route may ask about the request at hand."""

from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g, request

from muster.kernel.errors import VersionRequired
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


def kernel() -> "Kernel":
    """Return the kernel of this server."""
    return cast("Kernel", current_app.extensions["muster"])


def uow() -> UnitOfWork:
    """Return the request's unit of work."""
    return cast("UnitOfWork", g.muster_uow)


def actor() -> Actor:
    """Return who asks."""
    return cast("Actor", g.muster_actor)


def proof_key() -> dict[str, Any]:
    """Return the public JWK that signed this request's DPoP proof (enrol and agent doors)."""
    return cast("dict[str, Any]", g.muster_proof_key)


def expected_version() -> int:
    """Return the version named by If-Match (`"v<number>"`); missing is 428, unreadable too."""
    tag = request.headers.get("If-Match", "").strip().strip('"')
    if not tag.startswith("v") or not tag[1:].isdigit():
        raise VersionRequired
    return int(tag[1:])


def answer_tag(tag: str) -> None:
    """Give the answer a strong ETag that names its content; who has it already gets a 304."""
    g.muster_etag = tag


def answer_version(version: int) -> None:
    """Give the answer its strong ETag."""
    g.muster_etag = f"v{version}"
