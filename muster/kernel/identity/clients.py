"""Registered applications: who may carry an officer's session, and which are blocked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from sqlalchemy import select

from muster.kernel.errors import Conflict, NotFound
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Client
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

CONSOLE: Final = "console"
"""Name of the client that carries console sessions."""


def register(
    uow: "UnitOfWork",
    name: str,
    kind: Literal["field", "console"],
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


def console(uow: "UnitOfWork") -> Client:
    """Return the console's own client, registered at first use."""
    return by_name(uow, CONSOLE) or register(uow, CONSOLE, "console")
