"""Ways back, for device admins and approvers: requests below a release, `/appstore/v1/rollbacks`."""

from typing import Any
from uuid import UUID

from appstore.releases.schemas import ReasonSchema
from appstore.rollbacks import reinstalls, reissues
from appstore.rollbacks.models import Reissue
from appstore.rollbacks.reinstalls import Standing, TurnLine
from appstore.rollbacks.schemas import (
    ReinstallAskSchema,
    ReinstallQuery,
    ReinstallSchema,
    ReinstallTurnSchema,
    ReissueAskSchema,
    ReissueSchema,
)
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    decode_id,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "appstore-rollbacks",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1",
    description="Ways back from a bad release",
)
_READERS = (Auth.PUBLISHER, Auth.CONSOLE)
_READ = ("app.catalogue.read",)


@blp.route(
    "/releases/<uuid:release_id>/reissue",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.release.reissue",),
)
@blp.arguments(ReissueAskSchema)
@blp.response(201, ReissueSchema)
def ask_reissue(body: dict[str, Any], release_id: UUID) -> Reissue:
    """Ask the publishers to bring an older release's code under a higher version code."""
    return reissues.ask(uow(), actor(), release_id, **body)


@blp.route("/releases/<uuid:release_id>/reissues", auth=_READERS, actions=_READ)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ReissueSchema))
def list_reissues(query: dict[str, Any], release_id: UUID) -> Page[Reissue]:
    """List the requests about a release, newest first."""
    after = decode_id(query["after"])
    rows = reissues.listing(uow(), actor(), release_id, after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/reissues/<uuid:reissue_id>/withdraw",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.release.reissue",),
)
@blp.response(200, ReissueSchema)
def withdraw_reissue(reissue_id: UUID) -> Reissue:
    """Take a request back that nobody has answered."""
    return reissues.withdraw(uow(), actor(), reissue_id)


@blp.route("/rollbacks", methods=["POST"], auth=Auth.CONSOLE, actions=("app.rollback.reinstall",))
@blp.arguments(ReinstallAskSchema)
@blp.response(202, ReinstallSchema)
def ask_reinstall(body: dict[str, Any]) -> Standing:
    """Ask for terminals to remove a release and install an older one: DATA LOSS, four eyes."""
    return reinstalls.ask(
        uow(),
        actor(),
        release_id=body["release"],
        to=body["to"],
        group_id=body["group"],
        reason=body["reason"],
    )


@blp.route("/rollbacks", auth=_READERS, actions=_READ)
@blp.arguments(ReinstallQuery, location="query")
@blp.response(200, page_schema(ReinstallSchema))
def list_reinstalls(query: dict[str, Any]) -> Page[Standing]:
    """List orders to go back, newest first."""
    after = decode_id(query["after"])
    rows = reinstalls.listing(uow(), actor(), query["release"], after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.order.id])


@blp.route("/rollbacks/<uuid:order_id>", auth=_READERS, actions=_READ)
@blp.response(200, ReinstallSchema)
def read_reinstall(order_id: UUID) -> Standing:
    """Read one order with its counts."""
    return reinstalls.read(uow(), actor(), order_id)


@blp.route("/rollbacks/<uuid:order_id>/terminals", auth=_READERS, actions=_READ)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ReinstallTurnSchema))
def list_turns(query: dict[str, Any], order_id: UUID) -> Page[TurnLine]:
    """List the terminals of an order; one with unsent work waits until it is sent."""
    after = decode_id(query["after"])
    rows = reinstalls.turns(uow(), actor(), order_id, after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.turn.device_id])


@blp.route(
    "/rollbacks/<uuid:order_id>/cancel",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.rollback.cancel",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, ReinstallSchema)
def cancel_reinstall(body: dict[str, Any], order_id: UUID) -> Standing:
    """Stop an order: terminals whose turn has not come keep what they have."""
    return reinstalls.cancel(uow(), actor(), order_id, body["reason"])
