"""Names and owners for publishers: `/appstore/v1/names`, and the transfer of an app."""

from typing import Any

from appstore.publishers import claims, transfer
from appstore.publishers.models import NameClaim
from appstore.publishers.schemas import AppTransferSchema, NameClaimSchema, NameRequestSchema
from appstore.releases.schemas import AskedSchema
from muster.kernel.approvals import Approval
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    decode_text,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "appstore-publishers",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Names kept for units, and whose an app is",
)


@blp.route("/names", auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.name.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(NameClaimSchema))
def list_names(query: dict[str, Any]) -> Page[NameClaim]:
    """List the names that are kept, in their order."""
    rows = claims.listing(uow(), actor(), after=decode_text(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.pattern])


@blp.route("/names", methods=["POST"], auth=Auth.CONSOLE, actions=("app.name.reserve",))
@blp.arguments(NameRequestSchema)
@blp.response(202, AskedSchema)
def reserve_name(body: dict[str, Any]) -> Approval:
    """Ask that a package or a prefix be kept for a unit, before anything of that name exists."""
    return claims.ask(uow(), actor(), **body)


@blp.route(
    "/apps/<string(maxlength=223):package>/transfer",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.catalogue.transfer",),
)
@blp.arguments(AppTransferSchema)
@blp.response(202, AskedSchema)
def transfer_app(body: dict[str, Any], package: str) -> Approval:
    """Ask that an app belong to another unit from now on."""
    return transfer.ask(uow(), actor(), package, **body)
