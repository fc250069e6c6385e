"""The gate row: one statement reads every epoch and state that decides whether a caller stands.

It is read from the primary, read committed, after the request began; a lost terminal, a suspended
officer or a blocked app is therefore refused from the first request that starts after the commit.
The same row holds the standing of a wearable's parent terminal, which it never outlives.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, select

from muster.kernel.identity import device_row
from muster.kernel.identity.actor import Actor, App, Kind, Origin, Person
from muster.kernel.identity.errors import (
    ClientBlocked,
    DeviceBlocked,
    DeviceUnknown,
    KnownActor,
    SessionEnded,
    Unauthenticated,
)
from muster.kernel.identity.models import (
    Client,
    ClientCredential,
    Device,
    Epoch,
    Officer,
    Session,
    Unit,
)

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

CONSOLE_IDLE = timedelta(minutes=15)
GATES = "gates"
POLICIES_GATE = "gate:policies"
"""Shut for everybody when other access policies come into force; every stream stands behind it."""

_POLICIES = (
    select(Epoch.value).where(Epoch.name == "policies").scalar_subquery().label("policy_epoch")
)
_PERSON = (
    Officer.id.label("officer_id"),
    Officer.number,
    Officer.name,
    Officer.sworn,
    Officer.rank,
    Officer.unit_id,
    Officer.state.label("officer_state"),
    Officer.epoch.label("officer_epoch"),
    Officer.duty_until,
    Officer.ends_at.label("officer_ends_at"),
    Unit.code.label("unit"),
    Unit.path.label("unit_path"),
)
_CLIENT = (
    Client.id.label("client_id"),
    Client.name.label("client"),
    Client.scopes.label("client_scopes"),
    Client.sandbox_unit_id,
    Client.expires_at.label("client_expires_at"),
    Client.state.label("client_state"),
    Client.epoch.label("client_epoch"),
)


def _held_by(table: type[Session] | type[ClientCredential], *more: Any) -> Select[Any]:
    return (
        select(
            table.id.label("id"),
            table.officer_epoch.label("held_officer"),
            table.device_epoch.label("held_device"),
            table.client_epoch.label("held_client"),
            table.expires_at.label("expires_at"),
            table.revoked_at.label("revoked_at"),
            *more,
            *_PERSON,
            *device_row.COLUMNS,
            *_CLIENT,
            _POLICIES,
        )
        .join(Officer, Officer.id == table.officer_id)
        .join(Unit, Unit.id == Officer.unit_id)
        .join(Client, Client.id == table.client_id)
        .outerjoin(Device, Device.id == table.device_id)
        .outerjoin(device_row.UNIT, device_row.UNIT.id == Device.unit_id)
        .outerjoin(device_row.PARENT, device_row.PARENT.id == Device.parent_id)
    )


_SESSION = _held_by(
    Session,
    Session.jkt,
    Session.scope,
    Session.seen_at,
    Session.aal,
    Session.amr,
    Session.auth_at,
    Session.must_change,
)
_CREDENTIAL = _held_by(
    ClientCredential, ClientCredential.scope, ClientCredential.surface, ClientCredential.purpose
)
_BY_KEY: Select[Any] = (
    select(*device_row.COLUMNS, _POLICIES)
    .join(device_row.UNIT, device_row.UNIT.id == Device.unit_id)
    .outerjoin(device_row.PARENT, device_row.PARENT.id == Device.parent_id)
)


_FIELD = _SESSION.where(Session.id == bindparam("key"), Session.kind == "field")
_CONSOLE = _SESSION.where(Session.secret_hash == bindparam("key"))
_SECRET = _CREDENTIAL.where(
    ClientCredential.secret_hash == bindparam("key"),
    ClientCredential.surface == bindparam("surface"),
)
_TERMINAL = _BY_KEY.where(Device.jkt == bindparam("key"))
_CERTIFIED = _BY_KEY.where(Device.id == bindparam("key"))


@dataclass(frozen=True)
class ConsoleSession:
    """A console actor and when they were last seen."""

    actor: Actor
    seen_at: datetime


def by_session(kernel: "Kernel", session_id: UUID, surface: str, origin: Origin) -> Actor:
    """Return the officer on a terminal behind a field session."""
    row = _one(kernel, _FIELD, key=session_id)
    _stand(kernel, row)
    return _actor(kernel, row, "officer", surface, origin)


def by_console_secret(kernel: "Kernel", secret_hash: str, origin: Origin) -> ConsoleSession:
    """Return the person behind a console session; 15 idle minutes end it (CJIS AC-11)."""
    row = _one(kernel, _CONSOLE, key=secret_hash)
    _stand(kernel, row)
    if kernel.clock() - row.seen_at > CONSOLE_IDLE:
        raise SessionEnded("You were away for more than 15 minutes. Sign in again.").of(_known(row))
    actor = _actor(kernel, row, "officer", "console", origin)
    return ConsoleSession(actor, row.seen_at)


def by_credential(kernel: "Kernel", secret_hash: str, surface: str, origin: Origin) -> Actor:
    """Return the holder of a client credential, if it is one for this surface."""
    row = _one(kernel, _SECRET, key=secret_hash, surface=surface)
    _stand(kernel, row)
    return _actor(kernel, row, "officer", surface, origin)


def by_key(kernel: "Kernel", jkt: str, origin: Origin) -> Actor:
    """Return the terminal that owns a key, whatever its state: the agent door judges by action."""
    row = _first(kernel, _TERMINAL, key=jkt)
    if row is None:
        raise DeviceUnknown
    kernel.guard.ensure(row.policy_epoch or 0)
    return Actor(
        kind="terminal", surface="agent", device=device_row.terminal(kernel, row), origin=origin
    )


def by_device(kernel: "Kernel", device_id: UUID, origin: Origin) -> Actor:
    """Return the terminal that a certificate or its own path names, whatever its state."""
    row = _first(kernel, _CERTIFIED, key=device_id)
    if row is None:
        raise DeviceUnknown
    kernel.guard.ensure(row.policy_epoch or 0)
    return Actor(
        kind="terminal", surface="agent", device=device_row.terminal(kernel, row), origin=origin
    )


def look_again(uow: "UnitOfWork", who: UUID) -> None:
    """After the commit, let open streams of an officer, terminal, client or session look again.

    Fronts listen to `GATES` always: a stream that is just opening has no gate of its own yet.
    """
    bus, gate = uow.kernel.bus, f"gate:{who}"
    uow.after_commit(lambda: bus.publish(GATES, gate.encode()))
    uow.after_commit(lambda: bus.publish(gate, b"{}"))


def _one(kernel: "Kernel", statement: Select[Any], **values: Any) -> Row[Any]:
    row = _first(kernel, statement, **values)
    if row is None:
        raise Unauthenticated
    kernel.guard.ensure(row.policy_epoch or 0)
    return row


def _first(kernel: "Kernel", statement: Select[Any], **values: Any) -> Row[Any] | None:
    with kernel.db.connect() as connection:
        return connection.execute(statement, values).first()


def _stand(kernel: "Kernel", row: Row[Any]) -> None:
    """Refuse whoever no longer stands; the order makes the most telling reason come first."""
    if row.device_id is not None and row.device_state != "enrolled":
        raise DeviceBlocked(
            f"This terminal is {row.device_state}. Only its agent may check in."
        ).of(_known(row))
    if row.parent_id is not None and row.parent_state != "enrolled":
        raise DeviceBlocked(
            f"The terminal that this one belongs to is {row.parent_state}. "
            "Only its agent may check in."
        ).of(_known(row))
    expired = row.client_expires_at is not None and kernel.clock() >= row.client_expires_at
    if row.client_state != "active" or expired:
        raise ClientBlocked().of(_known(row))
    ended = row.revoked_at is not None or kernel.clock() >= row.expires_at
    outdated = (row.held_officer, row.held_client) != (row.officer_epoch, row.client_epoch) or (
        row.device_id is not None and row.held_device != row.device_epoch
    )
    over = row.officer_ends_at is not None and kernel.clock() >= row.officer_ends_at
    if ended or outdated or over or row.officer_state != "active":
        raise SessionEnded().of(_known(row))


def _known(row: Row[Any]) -> KnownActor:
    return KnownActor(
        actor_kind="officer",
        actor_id=row.officer_id,
        actor_label=row.number,
        sworn=row.sworn,
        unit_id=row.unit_id,
        device_id=row.device_id,
        session_id=_session_id(row),
        client=row.client,
    )


def _session_id(row: Row[Any]) -> UUID | None:
    """Return the id of a session; a client credential has none."""
    return row.id if "jkt" in row._mapping else None  # noqa: SLF001 - documented accessor


def _actor(kernel: "Kernel", row: Row[Any], kind: Kind, surface: str, origin: Origin) -> Actor:
    fields = row._mapping  # noqa: SLF001 - SQLAlchemy's documented accessor
    standing = kernel.people.standing(row.officer_id, row.officer_epoch)
    return Actor(
        kind=kind,
        surface=surface,
        person=Person(
            id=row.officer_id,
            number=row.number,
            name=row.name,
            sworn=row.sworn,
            rank=row.rank,
            unit_id=row.unit_id,
            unit=row.unit,
            unit_path=row.unit_path,
            posts=standing.posts,
            certifications=standing.certifications,
            duty_until=row.duty_until,
        ),
        device=device_row.terminal(kernel, row) if row.device_id is not None else None,
        app=App(
            row.client_id,
            row.client,
            tuple(row.client_scopes),
            sandbox=row.sandbox_unit_id is not None,
        ),
        session_id=_session_id(row),
        purpose=fields.get("purpose", ""),
        scope=_scope(row),
        aal=fields.get("aal", 1),
        amr=tuple(fields.get("amr", ())),
        auth_at=fields.get("auth_at"),
        must_change=fields.get("must_change", False),
        origin=origin,
    )


def _scope(row: Row[Any]) -> tuple[str, ...]:
    """Return what the session or credential asked for, of what its app is granted today.

    A client credential that names no scope has its app's. A publisher's token says in words of the
    store what it may, and nothing of its app's.
    """
    if row._mapping.get("surface") == "publisher":  # noqa: SLF001
        return tuple(row.scope)
    asked = row.scope if "jkt" in row._mapping else row.scope or row.client_scopes  # noqa: SLF001
    return tuple(name for name in asked if name in row.client_scopes)
