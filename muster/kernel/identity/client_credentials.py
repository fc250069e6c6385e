"""Client credentials: secrets that let one program of one person through one door.

Shown by Basic, key or path to the surfaces of existing open clients (OpenRosa, F-Droid, OGC, …).
The holder acts as the officer it names, so nobody makes one in another person's name, except for
surfaces that hand out software only.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.clients import by_name
from muster.kernel.identity.devices import get
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Client, ClientCredential, Officer
from muster.kernel.identity.secrets import CREDENTIAL_PREFIX, secret_hash
from muster.kernel.ids import token, uuid7
from muster.kernel.uow import UnitOfWork

LONGEST_DAYS = 366


def issue(
    uow: UnitOfWork,
    actor: Actor,
    *,
    surface: str,
    label: str,
    officer_id: UUID,
    device_id: UUID | None,
    client: str,
    scope: Sequence[str] = (),
    purpose: str = "",
    days: int = 30,
) -> tuple[str, ClientCredential]:
    """Make a credential; return its secret, shown this once, and its row.

    Raises `Denied`, `NotFound` for an unknown officer, terminal or client, `InvalidInput` for
    an officer out of service or a life outside 1 to 366 days.
    """
    officer = uow.session.get(Officer, officer_id)
    if officer is None:
        raise NotFound("There is no such officer.")
    guard.require(
        uow, actor, "identity.client_credential.issue", _target(uow, actor, "new", officer, surface)
    ).note(surface=surface, officer=str(officer.id), days=days)
    carrier = _checked(uow, officer, client, days)
    device = get(uow, device_id) if device_id else None
    secret = CREDENTIAL_PREFIX + token()
    row = ClientCredential(
        id=uuid7(),
        surface=surface,
        label=label,
        secret_hash=secret_hash(secret),
        officer_id=officer.id,
        device_id=device.id if device else None,
        client_id=carrier.id,
        officer_epoch=officer.epoch,
        device_epoch=device.epoch if device else 0,
        client_epoch=carrier.epoch,
        scope=list(scope),
        purpose=purpose,
        expires_at=uow.now() + timedelta(days=days),
    )
    uow.session.add(row)
    return secret, row


def revoke(uow: UnitOfWork, actor: Actor, credential_id: UUID) -> ClientCredential:
    """End a credential; ending it twice is no error."""
    row = uow.session.get(ClientCredential, credential_id)
    if row is None:
        raise NotFound("There is no such credential.")
    officer = uow.session.get_one(Officer, row.officer_id)
    target = _target(uow, actor, str(row.id), officer, row.surface)
    guard.require(uow, actor, "identity.client_credential.revoke", target)
    end(uow, row)
    return row


def end(uow: UnitOfWork, row: ClientCredential) -> None:
    """End a credential; the caller has decided that somebody may."""
    row.revoked_at = row.revoked_at or uow.now()
    look_again(uow, row.officer_id)  # an open stream knows its officer, not its credential


def listing(
    uow: UnitOfWork,
    actor: Actor,
    officer_id: UUID,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> list[ClientCredential]:
    """Return up to `limit + 1` credentials of an officer, newest first, beyond `after`."""
    officer = uow.session.get(Officer, officer_id)
    if officer is None:
        raise NotFound("There is no such officer.")
    target = _target(uow, actor, "*", officer, "*")
    guard.require(uow, actor, "identity.client_credential.read", target)
    statement = select(ClientCredential).where(ClientCredential.officer_id == officer_id)
    if after is not None:
        statement = statement.where(ClientCredential.id < after)
    return list(
        uow.session.scalars(statement.order_by(ClientCredential.id.desc()).limit(limit + 1))
    )


def _checked(uow: UnitOfWork, officer: Officer, client: str, days: int) -> Client:
    if officer.state != "active":
        raise InvalidInput(f"This officer is {officer.state}; no credential can name them.")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(
            errors=[Fault("/days", f"Give a life of 1 to {LONGEST_DAYS} days.")],
        )
    carrier = by_name(uow, client)
    if carrier is None:
        raise NotFound(f"No client called {client!r} is registered.")
    return carrier


def _target(uow: UnitOfWork, actor: Actor, id: str, officer: Officer, surface: str) -> Target:
    return Target(
        "ClientCredential",
        id,
        {"own": officer.id == actor.id, "surface": surface},
        uow.kernel.people.unit(officer.unit_id).path,
    )
