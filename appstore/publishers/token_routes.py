"""Publisher tokens for pipelines: `/appstore/v1/tokens`."""

from typing import Any
from uuid import UUID

from appstore.publishers import tokens
from appstore.publishers.schemas import (
    IssuedPublisherTokenSchema,
    PublisherTokenRequestSchema,
    PublisherTokenSchema,
)
from appstore.publishers.tokens import Token
from appstore.releases.schemas import ReasonSchema
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
    "appstore-tokens",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/tokens",
    description="Tokens for pipelines",
)


@blp.route("", auth=Auth.CONSOLE, actions=("app.token.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(PublisherTokenSchema))
def list_tokens(query: dict[str, Any]) -> Page[Token]:
    """List one's own tokens and those one oversees, newest first."""
    rows = tokens.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda token: [token.row.id])


@blp.route(
    "",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.token.issue", "identity.client_credential.issue"),
)
@blp.arguments(PublisherTokenRequestSchema)
@blp.response(201, IssuedPublisherTokenSchema)
def issue_token(body: dict[str, Any]) -> Token:
    """Make a token for oneself; its secret is shown this once."""
    return tokens.issue(uow(), actor(), **body)


@blp.route(
    "/<uuid:token_id>/revoke",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("app.token.revoke", "app.token.oversee"),
)
@blp.arguments(ReasonSchema)
@blp.response(204)
def revoke_token(body: dict[str, Any], token_id: UUID) -> None:
    """End a token at once."""
    tokens.revoke(uow(), actor(), token_id, body["reason"])
