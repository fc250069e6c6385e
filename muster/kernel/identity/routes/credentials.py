"""Client credentials for console automation: `/admin/v1/client-credentials`."""

from typing import Any
from uuid import UUID

from muster.kernel.identity import client_credentials as service
from muster.kernel.identity.models import ClientCredential
from muster.kernel.identity.schemas import (
    ClientCredentialSchema,
    CredentialQuery,
    CredentialRequestSchema,
    IssuedCredentialSchema,
)
from muster.kernel.web import Auth, Blueprint, Page, actor, decode_id, page, page_schema, uow

blp = Blueprint(
    "client_credentials",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/client-credentials",
    description="Secrets that let one program of one person through one door",
)


@blp.route("", auth=Auth.CONSOLE, actions=("identity.client_credential.read",))
@blp.arguments(CredentialQuery, location="query")
@blp.response(200, page_schema(ClientCredentialSchema))
def list_credentials(query: dict[str, Any]) -> Page[ClientCredential]:
    """List an officer's client credentials, newest first."""
    rows = service.listing(
        uow(),
        actor(),
        query["officer_id"] or actor().id,
        after=decode_id(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("identity.client_credential.issue",))
@blp.arguments(CredentialRequestSchema)
@blp.response(201, IssuedCredentialSchema)
def issue_credential(body: dict[str, Any]) -> dict[str, Any]:
    """Make a client credential; its secret is shown this once."""
    officer_id = body.pop("officer_id") or actor().id
    secret, row = service.issue(uow(), actor(), officer_id=officer_id, **body)
    shown = {name: getattr(row, name) for name in ClientCredentialSchema().fields}
    return {**shown, "secret": secret}


@blp.route(
    "/<uuid:credential_id>",
    methods=["DELETE"],
    auth=Auth.CONSOLE,
    actions=("identity.client_credential.revoke",),
)
@blp.response(204)
def revoke_credential(credential_id: UUID) -> None:
    """End a client credential at once."""
    service.revoke(uow(), actor(), credential_id)
