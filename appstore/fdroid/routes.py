"""Repositories for F-Droid clients (`/fdroid`), and what leads to them (`/appstore/v1/fdroid`)."""

from typing import Any
from uuid import UUID

from flask import Response, request

from appstore.fdroid import accesses, repository, service
from appstore.fdroid.accesses import Granted, Listed
from appstore.fdroid.errors import NotInRepository
from appstore.fdroid.models import FdroidAccess
from appstore.fdroid.schemas import (
    FdroidAccessQuery,
    FdroidAccessSchema,
    FdroidAccessWishSchema,
    FdroidFactsSchema,
    GrantedFdroidAccessSchema,
    ListedFdroidAccessSchema,
)
from appstore.fdroid.service import File
from muster.kernel.web import (
    Auth,
    Blueprint,
    Content,
    Page,
    actor,
    decode_id,
    page,
    page_schema,
    problems,
    send,
    uow,
)

clients = Blueprint("fdroid", __name__, audience=None, description="F-Droid repositories")
blp = Blueprint(
    "appstore-fdroid",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/fdroid",
    description="F-Droid repositories: what to compare, and who has which address",
)
_NAME = "/<path:name>"
_READS = (service.PULL, service.DOWNLOAD)
_PEOPLE = (Auth.FIELD, Auth.CONSOLE)


@clients.errorhandler(Exception)
def refused(raised: Exception) -> Response:
    """Ask for a name and a password as clients know it; a secret address without owner is not there."""
    refusal = problems.domain_error(raised)
    if refusal.status == 401 and "secret" in (request.view_args or {}):
        refusal = NotInRepository()
    elif refusal.status == 401:
        refusal.headers["WWW-Authenticate"] = 'Basic realm="Muster apps", charset="UTF-8"'
    return problems.problem(refusal)


@clients.route(
    "/fdroid/t/<string(maxlength=64):secret>/repo" + _NAME,
    auth=Auth.PATH,
    surface=accesses.SURFACE,
    actions=_READS,
)
def fetch_at_capability(secret: str, name: str) -> Response:
    """Fetch a file of a terminal's repository at its secret address."""
    return _sent(service.at_capability(actor(), secret), name)


@clients.route(
    "/fdroid/<uuid:group_id>/repo" + _NAME,
    auth=Auth.CLIENT,
    surface=accesses.SURFACE,
    actions=_READS,
)
def fetch_at_group(group_id: UUID, name: str) -> Response:
    """Fetch a file of a group's repository with a client credential as password."""
    return _sent(service.at_group(uow(), actor(), group_id), name)


@blp.route("", auth=_PEOPLE, actions=("app.fdroid.read",))
@blp.response(200, FdroidFactsSchema)
def read_repository() -> repository.Facts:
    """Read the fingerprint that clients must show, and where groups' repositories lie."""
    return repository.facts(uow(), actor())


@blp.route("/accesses", methods=["POST"], auth=_PEOPLE, actions=("app.fdroid_access.issue",))
@blp.arguments(FdroidAccessWishSchema)
@blp.response(201, GrantedFdroidAccessSchema)
def grant_access(body: dict[str, Any]) -> Granted:
    """Make a secret address for one terminal; it is shown this once."""
    return accesses.grant(uow(), actor(), **body)


@blp.route("/accesses", auth=_PEOPLE, actions=("app.fdroid_access.list",))
@blp.arguments(FdroidAccessQuery, location="query")
@blp.response(200, page_schema(ListedFdroidAccessSchema))
def list_accesses(query: dict[str, Any]) -> Page[Listed]:
    """List secret addresses, newest first: in the field, those of the terminal in hand."""
    rows = accesses.listing(
        uow(),
        actor(),
        device_id=query["device_id"],
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.access.id])


@blp.route(
    "/accesses/<uuid:access_id>/revoke",
    methods=["POST"],
    auth=_PEOPLE,
    actions=("app.fdroid_access.revoke",),
)
@blp.response(200, FdroidAccessSchema)
def revoke_access(access_id: UUID) -> FdroidAccess:
    """End a secret address now."""
    return accesses.revoke(uow(), actor(), access_id)


def _sent(at: Any, name: str) -> Response:
    """Answer 200, 206 or 304, compressed for those who take it; never a redirect."""
    packs = request.accept_encodings.quality("gzip") > 0 and not request.range
    ending = "-gz" if packs and name.endswith(".json") else ""
    file = service.fetch(uow(), actor(), at, name, lambda etag: _has(etag + ending))
    answer = _whole(file, ending) if ending and file.gzipped else _part(file, ending)
    if name.endswith(".json"):
        answer.vary.add("Accept-Encoding")
    return answer


def _has(etag: str) -> bool:
    return bool(request.if_none_match.contains(etag))


def _part(file: File, ending: str) -> Response:
    if file.read is None:
        return _labelled(Response(status=304), file.etag + ending)
    return send(Content(file.etag, file.size, file.media_type, file.read))


def _whole(file: File, ending: str) -> Response:
    assert file.gzipped is not None
    answer = Response(file.gzipped(), mimetype=file.media_type)
    answer.headers["Content-Encoding"] = "gzip"
    return _labelled(answer, file.etag + ending)


def _labelled(answer: Response, etag: str) -> Response:
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
