"""Registered clients for console automation: `/admin/v1/clients`."""

from typing import Any
from uuid import UUID

from muster.kernel.identity.models import Client
from muster.kernel.identity.registrations import sandbox, service
from muster.kernel.identity.registrations.schemas import (
    ClientChangeSchema,
    ClientQuery,
    ClientSchema,
    NewClientSchema,
    NewSandboxSchema,
    NewServerSchema,
    ScopeGrantSchema,
)
from muster.kernel.identity.schemas import ReasonSchema
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    actor,
    answer_version,
    decode_id,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "clients",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/clients",
    description="Registered clients: apps, developers' sandboxes, servers that introspect",
)


@blp.route("", auth=Auth.CONSOLE, actions=("identity.client.list",))
@blp.arguments(ClientQuery, location="query")
@blp.response(200, page_schema(ClientSchema))
def list_clients(query: dict[str, Any]) -> Page[Client]:
    """List registered clients, newest first."""
    rows = service.listing(
        uow(), actor(), state=query["state"], after=decode_id(query["after"]), limit=query["limit"]
    )
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/<uuid:client_id>", auth=Auth.CONSOLE, actions=("identity.client.list",))
@blp.response(200, ClientSchema)
def read_client(client_id: UUID) -> Client:
    """Read one client; the answer's ETag is its version."""
    return _tagged(service.read(uow(), actor(), client_id))


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("identity.client.register",))
@blp.arguments(NewClientSchema)
@blp.response(201, ClientSchema)
def register_client(body: dict[str, Any]) -> Client:
    """Register a field app; it may do nothing until a data steward grants scopes."""
    return _tagged(service.register(uow(), actor(), **body))


@blp.route(
    "/servers", methods=["POST"], auth=Auth.CONSOLE, actions=("identity.client.register_server",)
)
@blp.arguments(NewServerSchema)
@blp.response(201, ClientSchema)
def register_server(body: dict[str, Any]) -> Client:
    """Register a server that introspects access tokens; it proves itself by private_key_jwt."""
    return _tagged(service.register_server(uow(), actor(), **body))


@blp.route(
    "/sandboxes", methods=["POST"], auth=Auth.CONSOLE, actions=("identity.client.make_sandbox",)
)
@blp.arguments(NewSandboxSchema)
@blp.response(201, ClientSchema)
def make_sandbox(body: dict[str, Any]) -> Client:
    """Make a developer's sandbox: for officers of a training unit, and for a while."""
    return _tagged(sandbox.make(uow(), actor(), **body))


@blp.route(
    "/<uuid:client_id>", methods=["PATCH"], auth=Auth.CONSOLE, actions=("identity.client.change",)
)
@blp.arguments(ClientChangeSchema)
@blp.response(200, ClientSchema)
def change_client(body: dict[str, Any], client_id: UUID) -> Client:
    """Change redirect addresses or ask for scopes; send the version you read as If-Match."""
    return _tagged(service.change(uow(), actor(), client_id, expected_version(), **body))


@blp.route(
    "/<uuid:client_id>/scopes",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    actions=("identity.client.grant",),
)
@blp.arguments(ScopeGrantSchema)
@blp.response(200, ClientSchema)
def grant_scopes(body: dict[str, Any], client_id: UUID) -> Client:
    """Say what the app may do from now on, as the data's steward; the request is answered."""
    return _tagged(service.grant(uow(), actor(), client_id, body["scopes"], body["reason"]))


@blp.route(
    "/<uuid:client_id>/block",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.client.block",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, ClientSchema)
def block_client(body: dict[str, Any], client_id: UUID) -> Client:
    """Stop the app: its tokens are refused from the next request on."""
    return _tagged(service.block(uow(), actor(), client_id, body["reason"]))


@blp.route(
    "/<uuid:client_id>/unblock",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.client.unblock",),
)
@blp.arguments(ReasonSchema)
@blp.response(200, ClientSchema)
def unblock_client(body: dict[str, Any], client_id: UUID) -> Client:
    """Let officers sign in with it again; sessions do not come back."""
    return _tagged(service.unblock(uow(), actor(), client_id, body["reason"]))


def _tagged(client: Client) -> Client:
    uow().session.flush()
    answer_version(client.version)
    return client
