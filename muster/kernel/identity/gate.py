"""The gate row: one statement reads every epoch and state that decides whether a caller stands.

It is read from the primary, read committed, after the request began; a lost terminal, a suspended
officer or a blocked app is therefore refused from the first request that starts after the commit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from muster.kernel.identity.actor import Actor, App, Kind, Origin, Person, Terminal
from muster.kernel.identity.errors import (
    ClientBlocked,
    DeviceBlocked,
    DeviceUnknown,
    KnownActor,
    SessionEnded,
    Unauthenticated,
)
from muster.kernel.identity.models import Client, ClientCredential, Device, Officer, Session, Unit

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

CONSOLE_IDLE = timedelta(minutes=15)
GATES = "gates"

_DeviceUnit = aliased(Unit)
_PERSON = (
    Officer.id.label("officer_id"),
    Officer.number,
    Officer.name,
    Officer.sworn,
    Officer.rank,
    Officer.unit_id,
    Officer.state.label("officer_state"),
    Officer.epoch.label("officer_epoch"),
    Unit.code.label("unit"),
    Unit.path.label("unit_path"),
)
_DEVICE: tuple[Any, ...] = (
    Device.id.label("device_id"),
    Device.label.label("device_label"),
    Device.state.label("device_state"),
    Device.epoch.label("device_epoch"),
    Device.tier,
    Device.jkt.label("device_jkt"),
    Device.posture_at,
    Device.posture_reasons,
    Device.unit_id.label("device_unit_id"),
    _DeviceUnit.code.label("device_unit"),
    _DeviceUnit.path.label("device_unit_path"),
)
_CLIENT = (
    Client.id.label("client_id"),
    Client.name.label("client"),
    Client.scopes.label("client_scopes"),
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
            *_DEVICE,
            *_CLIENT,
        )
        .join(Officer, Officer.id == table.officer_id)
        .join(Unit, Unit.id == Officer.unit_id)
        .join(Client, Client.id == table.client_id)
        .outerjoin(Device, Device.id == table.device_id)
        .outerjoin(_DeviceUnit, _DeviceUnit.id == Device.unit_id)
    )


_SESSION = _held_by(Session, Session.jkt, Session.seen_at, Session.aal)
_CREDENTIAL = _held_by(
    ClientCredential, ClientCredential.scope, ClientCredential.surface, ClientCredential.purpose
)
_BY_KEY = select(*_DEVICE).join(_DeviceUnit, _DeviceUnit.id == Device.unit_id)


@dataclass(frozen=True)
class ConsoleSession:
    """A console actor and when they were last seen."""

    actor: Actor
    seen_at: datetime


def by_session(kernel: "Kernel", session_id: UUID, surface: str, origin: Origin) -> Actor:
    """Return the officer on a terminal behind a field session."""
    row = _one(kernel, _SESSION.where(Session.id == session_id, Session.kind == "field"))
    _stand(kernel, row)
    return _actor(kernel, row, "officer", surface, origin)


def by_console_secret(kernel: "Kernel", secret_hash: str, origin: Origin) -> ConsoleSession:
    """Return the person behind a console session; 15 idle minutes end it (CJIS AC-11)."""
    row = _one(kernel, _SESSION.where(Session.secret_hash == secret_hash))
    _stand(kernel, row)
    if kernel.clock() - row.seen_at > CONSOLE_IDLE:
        raise SessionEnded("You were away for more than 15 minutes. Sign in again.").of(_known(row))
    actor = _actor(kernel, row, "officer", "console", origin)
    return ConsoleSession(actor, row.seen_at)


def by_credential(kernel: "Kernel", secret_hash: str, surface: str, origin: Origin) -> Actor:
    """Return the holder of a client credential, if it is one for this surface."""
    row = _one(
        kernel,
        _CREDENTIAL.where(
            ClientCredential.secret_hash == secret_hash, ClientCredential.surface == surface
        ),
    )
    _stand(kernel, row)
    return _actor(kernel, row, "officer", surface, origin)


def by_key(kernel: "Kernel", jkt: str, origin: Origin) -> Actor:
    """Return the terminal that owns a key, whatever its state: the agent door judges by action."""
    with kernel.db.connect() as connection:
        row = connection.execute(_BY_KEY.where(Device.jkt == jkt)).first()
    if row is None:
        raise DeviceUnknown
    return Actor(kind="terminal", surface="agent", device=_terminal(row), origin=origin)


def look_again(uow: "UnitOfWork", who: UUID) -> None:
    """After the commit, let open streams of an officer, terminal, client or session look again.

    Fronts listen to `GATES` always: a stream that is just opening has no gate of its own yet.
    """
    bus, gate = uow.kernel.bus, f"gate:{who}"
    uow.after_commit(lambda: bus.publish(GATES, gate.encode()))
    uow.after_commit(lambda: bus.publish(gate, b"{}"))


def _one(kernel: "Kernel", statement: Select[Any]) -> Row[Any]:
    with kernel.db.connect() as connection:
        row = connection.execute(statement).first()
    if row is None:
        raise Unauthenticated
    return row


def _stand(kernel: "Kernel", row: Row[Any]) -> None:
    """Refuse whoever no longer stands; the order makes the most telling reason come first."""
    if row.device_id is not None and row.device_state != "enrolled":
        raise DeviceBlocked(
            f"This terminal is {row.device_state}. Only its agent may check in."
        ).of(_known(row))
    if row.client_state != "active":
        raise ClientBlocked().of(_known(row))
    ended = row.revoked_at is not None or kernel.clock() >= row.expires_at
    outdated = (row.held_officer, row.held_client) != (row.officer_epoch, row.client_epoch) or (
        row.device_id is not None and row.held_device != row.device_epoch
    )
    if ended or outdated or row.officer_state != "active":
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
            posts=kernel.people.posts(row.officer_id, row.officer_epoch),
        ),
        device=_terminal(row) if row.device_id is not None else None,
        app=App(row.client_id, row.client, tuple(row.client_scopes)),
        session_id=_session_id(row),
        purpose=fields.get("purpose", ""),
        scope=tuple(fields.get("scope", ())),
        aal=fields.get("aal", 1),
        origin=origin,
    )


def _terminal(row: Row[Any]) -> Terminal:
    return Terminal(
        id=row.device_id,
        label=row.device_label,
        state=row.device_state,
        tier=row.tier,
        unit_id=row.device_unit_id,
        unit=row.device_unit,
        unit_path=row.device_unit_path,
        jkt=row.device_jkt,
        posture_at=row.posture_at,
        reasons=tuple(row.posture_reasons),
    )
