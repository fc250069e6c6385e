"""Capabilities: secret addresses, each for one terminal, made once, shown once, revocable at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from appstore.fdroid.errors import FdroidAccessNotFound
from appstore.fdroid.models import FdroidAccess
from appstore.fdroid.repository import Links, capability_path, links
from mdm.devices import Terminal, find
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, secret_hash
from muster.kernel.ids import token, uuid7
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

SURFACE: Final = "fdroid"
LONGEST_DAYS: Final = 366
_BITS: Final = 192
_HOLDER: Final = select(FdroidAccess.device_id).where(
    FdroidAccess.secret_hash == bindparam("hash"),
    FdroidAccess.revoked_at.is_(None),
    FdroidAccess.expires_at > bindparam("now"),
)


@dataclass(frozen=True)
class Granted:
    """A new capability with its links, which are shown this once."""

    access: FdroidAccess
    links: Links


@dataclass(frozen=True)
class Listed:
    """A capability and the label of its terminal."""

    access: FdroidAccess
    terminal: str


def holder(kernel: "Kernel", secret: str) -> UUID | None:
    """Answer mdm's `DEVICE_PATHS`: the terminal that a secret address is for, None for nobody's."""
    values = {"hash": secret_hash(secret), "now": kernel.clock()}
    with kernel.db.connect() as connection:
        device_id: UUID | None = connection.scalar(_HOLDER, values)
    return device_id


def grant(
    uow: UnitOfWork, actor: Actor, *, device_id: UUID | None, label: str, days: int = 366
) -> Granted:
    """Make a capability for a terminal; without one, for the terminal in the officer's hands."""
    wanted = device_id or (actor.device.id if actor.device else None)
    if wanted is None:
        raise FdroidAccessNotFound("Say for which terminal.")
    terminal = find(uow, wanted)
    decision = guard.require(uow, actor, "app.fdroid_access.issue", target(actor, terminal))
    secret = token(_BITS)
    row = FdroidAccess(
        id=uuid7(),
        device_id=wanted,
        label=label,
        secret_hash=secret_hash(secret),
        made_by=actor.id,
        expires_at=uow.now() + timedelta(days=days),
    )
    uow.session.add(row)
    uow.session.flush()
    decision.note(access=str(row.id), days=days)
    return Granted(row, links(uow, capability_path(secret)))


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    device_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Listed]:
    """Return up to `limit + 1` capabilities of the actor's terminals, newest first.

    In the field these are those of the terminal in hand.
    """
    guard.require(uow, actor, "app.fdroid_access.list", guard.FORCE)
    query = select(FdroidAccess, Device.label).join(Device, Device.id == FdroidAccess.device_id)
    if actor.device is not None:
        query = query.where(FdroidAccess.device_id == actor.device.id)
    else:
        query = query.where(guard.visible(uow, actor, "app.fdroid_access.read", "FdroidAccess"))
    if device_id is not None:
        query = query.where(FdroidAccess.device_id == device_id)
    if after is not None:
        query = query.where(FdroidAccess.id < after)
    rows = uow.session.execute(query.order_by(FdroidAccess.id.desc()).limit(limit + 1))
    return [Listed(*row) for row in rows]


def revoke(uow: UnitOfWork, actor: Actor, access_id: UUID) -> FdroidAccess:
    """End a capability; ending it twice is no error."""
    row = uow.session.get(FdroidAccess, access_id)
    if row is None:
        raise FdroidAccessNotFound
    asked = target(actor, find(uow, row.device_id))
    guard.require(uow, actor, "app.fdroid_access.revoke", asked).note(access=str(row.id))
    row.revoked_at = row.revoked_at or uow.now()
    return row


def target(actor: Actor, terminal: Terminal) -> Target:
    """Return a terminal's capabilities as the guard sees them."""
    own = actor.device is not None and actor.device.id == terminal.id
    return Target("FdroidAccess", str(terminal.id), {"own": own}, terminal.unit.path)
