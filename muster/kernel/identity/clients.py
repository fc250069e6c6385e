"""Registered applications: who may carry an officer's session, and which are blocked.

How people register and grant is `registrations/`; this module is what sign-in and tokens ask.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from sqlalchemy import select

from muster.kernel.errors import Conflict, NotFound
from muster.kernel.identity.errors import ClientBlocked, InvalidClient, InvalidScope, SandboxOnly
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Client, Officer
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

CONSOLE: Final = "console"
"""Name of the client that carries console sessions."""
PIPELINE: Final = "pipeline"
"""Name of the client that carries publisher tokens; blocking it ends them all."""
Kind = Literal["field", "console", "resource_server"]


def register(
    uow: "UnitOfWork",
    name: str,
    kind: Kind,
    package: str = "",
    signer: str = "",
    scopes: Sequence[str] = (),
) -> Client:
    """Register an application; `signer` is the SHA-256 of its signing certificate in hex.

    Raises `Conflict` if the name is taken.
    """
    if by_name(uow, name) is not None:
        raise Conflict(f"A client called {name!r} is registered already.")
    client = Client(
        id=uuid7(), name=name, kind=kind, package=package, signer=signer, scopes=list(scopes)
    )
    uow.session.add(client)
    uow.session.flush()
    return client


def block(uow: "UnitOfWork", client_id: UUID) -> Client:
    """Block an application: every session and credential it carries is refused at once."""
    client = uow.session.get(Client, client_id)
    if client is None:
        raise NotFound("There is no such client.")
    client.state = "blocked"
    client.epoch += 1
    look_again(uow, client.id)
    return client


def by_name(uow: "UnitOfWork", name: str) -> Client | None:
    """Return the client of a name, if there is one."""
    return uow.session.scalar(select(Client).where(Client.name == name))


def by_package(uow: "UnitOfWork", package: str) -> Client | None:
    """Return the field app of a package: the first that was registered, sandboxes left out."""
    return uow.session.scalar(
        select(Client)
        .where(Client.package == package, Client.kind == "field", Client.sandbox_unit_id.is_(None))
        .order_by(Client.id)
        .limit(1)
    )


def console(uow: "UnitOfWork") -> Client:
    """Return the console's own client, registered at first use."""
    return by_name(uow, CONSOLE) or register(uow, CONSOLE, "console")


def pipeline(uow: "UnitOfWork") -> Client:
    """Return the client of publishers' pipelines, registered at first use."""
    return by_name(uow, PIPELINE) or register(uow, PIPELINE, "console")


def field(uow: "UnitOfWork", name: str) -> Client:
    """Return a field app that may carry sessions now; raises `InvalidClient`, `ClientBlocked`."""
    client = by_name(uow, name)
    if client is None or client.kind != "field":
        raise InvalidClient
    if client.state != "active" or (client.expires_at and uow.now() >= client.expires_at):
        raise ClientBlocked
    return client


def scope_of(client: Client, wanted: str) -> list[str]:
    """Return what an app gets of the scope it wants, everything if it names none (RFC 6749 §3.3).

    Raises `InvalidScope` for what it was not granted.
    """
    names = wanted.split()
    refused = sorted(set(names) - set(client.scopes))
    if refused:
        raise InvalidScope(f"This app has not been granted {', '.join(refused)}."[:300])
    return [name for name in client.scopes if not names or name in names]


def check_sandbox(client: Client, officer: Officer) -> None:
    """Refuse an officer from outside the training unit of a developer's sandbox."""
    if client.sandbox_unit_id is not None and client.sandbox_unit_id != officer.unit_id:
        raise SandboxOnly
