"""The app store's side: each app has its client, and an app that harms carries nobody any more.

The store calls these in the transaction of its own act, after its own decision; what becomes of
the client is recorded beside it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from muster.kernel.audit.entry import Entry
from muster.kernel.guard import SCOPES
from muster.kernel.identity import clients
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Client
from muster.kernel.identity.oauth.redirects import source
from muster.kernel.uow import UnitOfWork


def app_approved(
    uow: UnitOfWork,
    actor: Actor,
    *,
    package: str,
    signer: str,
    unit_id: UUID,
    owner_id: UUID,
    page: str = "",
    scopes: Sequence[str] = (),
) -> Client:
    """Register the client of an app, or keep its signer, unit and owner what the store knows.

    A web app has no signer but its `page`: it is called back at the page's own origin only. The
    `scopes` it asks for wait until a steward grants them.
    """
    client = clients.by_package(uow, package)
    if client is None:
        client = clients.register(uow, _free_name(uow, package), "field", package=package)
        _record(uow, actor, "identity.client.register", client, package=package, signer=signer)
    client.signer, client.unit_id = signer, unit_id
    client.owner_id = client.owner_id or owner_id
    if page:
        own = [uri for uri in client.redirect_uris if source(uri) == source(page)]
        client.redirect_uris = own or [page]
    _ask(client, owner_id, scopes)
    uow.session.flush()
    return client


def app_blocked(uow: UnitOfWork, actor: Actor, package: str, reason: str) -> Client | None:
    """Block the client of an app whose current release was blocked; None if there is none."""
    client = clients.by_package(uow, package)
    if client is None or client.state != "active":
        return None
    clients.block(uow, client.id)
    _record(uow, actor, "identity.client.block", client, reason=reason, package=package)
    return client


def _ask(client: Client, officer_id: UUID, scopes: Sequence[str]) -> None:
    """Add to what waits for a steward; what was granted is not asked for again."""
    asked = {*client.requested_scopes, *scopes} - set(client.scopes)
    wanted = [name for name in SCOPES if name in asked]
    if wanted != list(client.requested_scopes):
        client.requested_scopes, client.requested_by = wanted, officer_id


def _free_name(uow: UnitOfWork, package: str) -> str:
    """The package names the client, unless somebody took that name at the command line."""
    name = package[:100]
    return name if clients.by_name(uow, name) is None else f"{package[:90]}.store"


def _record(
    uow: UnitOfWork, actor: Actor, action: str, client: Client, reason: str = "", **result: Any
) -> None:
    person = actor.person
    uow.record(
        Entry(
            action=action,
            outcome="done",
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label,
            sworn=person.sworn if person else None,
            unit_id=person.unit_id if person else None,
            session_id=actor.session_id,
            client=actor.app.name if actor.app else "",
            zone=actor.origin.zone,
            source=actor.origin.address,
            request_id=actor.origin.request_id,
            resource_type="RegisteredClient",
            resource_id=str(client.id),
            reason=reason,
            result=result,
            at=uow.now(),
        )
    )
