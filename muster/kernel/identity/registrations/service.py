"""What people do with registered clients: look, register, ask for scopes, grant, block."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import Conflict, Fault, InvalidInput, StaleVersion
from muster.kernel.guard import Target
from muster.kernel.identity import clients
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Client
from muster.kernel.identity.oauth.redirects import fault
from muster.kernel.identity.registrations.errors import ClientUnknown, NothingRequested
from muster.kernel.identity.registrations.keys import public_keys
from muster.kernel.uow import UnitOfWork


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Client]:
    """Return up to `limit + 1` clients, newest first, beyond `after`; `state` also `requested`."""
    guard.require(uow, actor, "identity.client.list", guard.FORCE)
    statement = select(Client).where(Client.kind != "console").order_by(Client.id.desc())
    if state == "requested":
        statement = statement.where(Client.requested_by.is_not(None))
    elif state is not None:
        statement = statement.where(Client.state == state)
    if after is not None:
        statement = statement.where(Client.id < after)
    return list(uow.session.scalars(statement.limit(limit + 1)))


def read(uow: UnitOfWork, actor: Actor, client_id: UUID) -> Client:
    """Return one client."""
    guard.require(uow, actor, "identity.client.list", guard.FORCE)
    return _find(uow, client_id)


def register(
    uow: UnitOfWork,
    actor: Actor,
    *,
    name: str,
    package: str,
    signer: str,
    unit: str,
    redirect_uris: Sequence[str],
    scopes: Sequence[str],
) -> Client:
    """Register a field app that is not in the store; it may do nothing until scopes are granted.

    Raises `Conflict` for a taken name and `InvalidInput` for an address it may not be called at.
    """
    owner = uow.kernel.people.by_code(unit)
    target = Target("RegisteredClient", "new", {"own": True}, owner.path)
    guard.require(uow, actor, "identity.client.register", target).note(name=name, package=package)
    client = clients.register(uow, name, "field", package=package, signer=signer)
    client.owner_id, client.unit_id = actor.id, owner.id
    _set_redirects(client, redirect_uris)
    _ask(client, actor, scopes)
    return client


def register_server(
    uow: UnitOfWork, actor: Actor, *, name: str, jwks: Mapping[str, Any], scopes: Sequence[str]
) -> Client:
    """Register a server that may introspect tokens of these scopes; it proves itself by its keys.

    Raises `Conflict` for a taken name and `InvalidInput` for a key that is not public and P-256.
    """
    guard.require(uow, actor, "identity.client.register_server", guard.FORCE).note(
        name=name, scopes=list(scopes)
    )
    client = clients.register(uow, name, "resource_server", scopes=scopes)
    client.owner_id, client.jwks = actor.id, public_keys(jwks)
    return client


def change(
    uow: UnitOfWork,
    actor: Actor,
    client_id: UUID,
    version: int,
    *,
    redirect_uris: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
) -> Client:
    """Change where an app is called back, or ask for scopes; `version` is the one read."""
    client = _find(uow, client_id)
    guard.require(uow, actor, "identity.client.change", target_of(uow, actor, client)).note(
        redirect_uris=redirect_uris, requested=scopes
    )
    if client.version != version:
        raise StaleVersion
    if client.kind != "field" or client.sandbox_unit_id is not None:
        raise Conflict("Only field apps ask for scopes; make a new sandbox instead.")
    if redirect_uris is not None:
        _set_redirects(client, redirect_uris)
    if scopes is not None:
        _ask(client, actor, scopes)
    uow.session.flush()
    return client


def grant(
    uow: UnitOfWork, actor: Actor, client_id: UUID, scopes: Sequence[str], reason: str
) -> Client:
    """Say what an app may do from now on, of what it has or asked for; the request is answered.

    Less than before holds from the next request on. Raises `NothingRequested` for more.
    """
    client = _find(uow, client_id)
    decision = guard.require(uow, actor, "identity.client.grant", target_of(uow, actor, client))
    if set(scopes) - {*client.scopes, *client.requested_scopes}:
        raise NothingRequested
    decision.note(reason=reason, before=list(client.scopes), granted=list(scopes))
    client.scopes = [name for name in guard.SCOPES if name in scopes]
    client.requested_scopes, client.requested_by = [], None
    uow.session.flush()
    look_again(uow, client.id)
    return client


def block(uow: UnitOfWork, actor: Actor, client_id: UUID, reason: str) -> Client:
    """Stop an app: its sessions, tokens and credentials are refused at once."""
    client = _find(uow, client_id)
    guard.require(uow, actor, "identity.client.block", target_of(uow, actor, client)).note(
        reason=reason
    )
    if client.state != "active":
        raise Conflict("This app is blocked already.")
    return clients.block(uow, client.id)


def unblock(uow: UnitOfWork, actor: Actor, client_id: UUID, reason: str) -> Client:
    """Let officers sign in with an app again; what ended stays ended."""
    client = _find(uow, client_id)
    guard.require(uow, actor, "identity.client.unblock", target_of(uow, actor, client)).note(
        reason=reason
    )
    if client.state != "blocked":
        raise Conflict("This app is not blocked.")
    client.state = "active"
    return client


def target_of(uow: UnitOfWork, actor: Actor, client: Client) -> Target:
    """Return a client as the guard sees it: one's own if one answers for it or asked last."""
    own = actor.id in (client.owner_id, client.requested_by)
    path = uow.kernel.people.unit(client.unit_id).path if client.unit_id else None
    return Target("RegisteredClient", str(client.id), {"own": own}, path)


def _find(uow: UnitOfWork, client_id: UUID) -> Client:
    client = uow.session.get(Client, client_id)
    if client is None or client.kind == "console":
        raise ClientUnknown
    return client


def _ask(client: Client, actor: Actor, scopes: Sequence[str]) -> None:
    wanted = [name for name in guard.SCOPES if name in scopes and name not in client.scopes]
    client.requested_scopes = wanted
    client.requested_by = actor.id if wanted else None


def _set_redirects(client: Client, addresses: Sequence[str]) -> None:
    sandbox = client.sandbox_unit_id is not None
    wrong = [
        Fault(f"/redirect_uris/{number}", why)
        for number, address in enumerate(addresses)
        if (why := fault(address, client.package, sandbox=sandbox))
    ]
    if wrong:
        raise InvalidInput(errors=wrong)
    client.redirect_uris = list(dict.fromkeys(addresses))
