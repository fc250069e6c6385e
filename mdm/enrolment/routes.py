"""Enrolment tokens for console automation: `/admin/v1/enrolment-tokens`."""

from typing import Any
from uuid import UUID

from mdm.enrolment import tokens
from mdm.enrolment.models import EnrolToken
from mdm.enrolment.schemas import EnrolTokenSchema, MadeSchema, WishSchema
from mdm.enrolment.tokens import Made, Wish
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
    "enrolment-tokens",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/enrolment-tokens",
    description="Codes that let terminals in",
)


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.enrol_token.create",))
@blp.arguments(WishSchema)
@blp.response(201, MadeSchema)
def create_token(wish: Wish) -> Made:
    """Make a token; its secret and QR content are shown this once."""
    return tokens.create(uow(), actor(), wish)


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.enrol_token.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(EnrolTokenSchema))
def list_tokens(query: dict[str, Any]) -> Page[EnrolToken]:
    """List tokens, newest first, spent ones too."""
    rows = tokens.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/<uuid:token_id>", methods=["DELETE"], auth=Auth.CONSOLE, actions=("mdm.enrol_token.revoke",)
)
@blp.response(200, EnrolTokenSchema)
def revoke_token(token_id: UUID) -> EnrolToken:
    """Let nobody in with it any more; terminals that came in stay."""
    return tokens.revoke(uow(), actor(), token_id)
