"""Hand-overs: offered by admins (`/admin/v1`), signed by officers on a terminal or at the counter."""

from typing import Any
from uuid import UUID

from mdm.equipment import HandOver, hand_overs
from mdm.equipment.schemas import (
    CounterSignatureSchema,
    HandOverSchema,
    OfferSchema,
    OwnHandOverSchema,
    OwnHandOversSchema,
    SignatureSchema,
)
from muster.kernel.web import Auth, Blueprint, Mode, actor, uow

admin = Blueprint(
    "hand-overs",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Equipment offered to officers, and their signatures",
)
field = Blueprint(
    "own-hand-overs",
    __name__,
    audience="field",
    url_prefix="/mobile/v1/hand-overs",
    description="Equipment that an officer is to sign for",
)


@admin.route(
    "/equipment/<uuid:asset_id>/hand-overs",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.asset.offer",),
)
@admin.arguments(OfferSchema)
@admin.response(201, HandOverSchema)
def offer(body: dict[str, Any], asset_id: UUID) -> HandOver:
    """Offer a thing to an officer, who signs for themselves or for a unit's pool."""
    return hand_overs.offer(uow(), actor(), asset_id, **body)


@admin.route(
    "/hand-overs/<uuid:hand_over_id>/counter-signature",
    methods=["POST"],
    auth=Auth.CONSOLE,
    mode=Mode.READS,
    actions=("mdm.hand_over.witness",),
    limit=4 * 1024,
)
@admin.arguments(CounterSignatureSchema)
@admin.response(200, HandOverSchema)
def sign_at_counter(body: dict[str, Any], hand_over_id: UUID) -> HandOver:
    """Let the officer sign at your console with number and PIN."""
    return hand_overs.sign_at_counter(uow(), actor(), hand_over_id, **body)


@admin.route(
    "/hand-overs/<uuid:hand_over_id>/withdraw",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.hand_over.withdraw",),
)
@admin.response(200, HandOverSchema)
def withdraw(hand_over_id: UUID) -> HandOver:
    """Take an offer back that nobody signed."""
    return hand_overs.withdraw(uow(), actor(), hand_over_id)


@field.route("", auth=Auth.FIELD, actions=("mdm.hand_over.list_own",))
@field.response(200, OwnHandOversSchema)
def list_own() -> dict[str, Any]:
    """List what waits for your signature."""
    return {"items": hand_overs.own(uow(), actor())}


@field.route(
    "/<uuid:hand_over_id>/signature",
    methods=["POST"],
    auth=Auth.FIELD,
    actions=("mdm.hand_over.sign",),
    idempotent=True,
    limit=4 * 1024,
)
@field.arguments(SignatureSchema)
@field.response(200, OwnHandOverSchema)
def sign(body: dict[str, Any], hand_over_id: UUID) -> HandOver:
    """Sign for what you received: send back the hash of what you read."""
    return hand_overs.sign_on_terminal(uow(), actor(), hand_over_id, body["content_hash"])
