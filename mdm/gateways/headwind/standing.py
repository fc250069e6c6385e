"""What people see of a Headwind terminal: where it lives, and what its agent cannot do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mdm.commands.agents import CAN
from mdm.commands.states import KINDS
from mdm.configuration import desired
from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from mdm.gateways.headwind import paths
from mdm.gateways.headwind.errors import NumberUnknown
from mdm.gateways.headwind.models import HeadwindTerminal
from mdm.gateways.headwind.translate import translate
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Standing:
    """A terminal's side of this gateway, without its secret.

    `not_applied` are the keys of its configuration, `not_taken` the commands, that it cannot
    follow; `moving` says that it has been offered a new path and has not used it yet.
    """

    number: str
    build: str
    moved_in_at: datetime | None
    path_since: datetime
    moving: bool
    fetched_at: datetime | None
    not_applied: tuple[str, ...]
    not_taken: tuple[str, ...]


def read(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Standing:
    """Return how a terminal stands with this gateway; `NumberUnknown` for one of another agent."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.headwind.read", terminal.target(actor))
    return _standing(uow, terminal, _row(uow, device_id))


def move(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Standing:
    """Offer the terminal a new path; the old one holds until the new one is used."""
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.headwind.move", terminal.target(actor))
    decision.note(reason=reason)
    row = _row(uow, device_id)
    paths.move(uow, row)
    return _standing(uow, terminal, row)


def sight(uow: UnitOfWork, terminal: Terminal) -> Standing | None:
    """Return the same for a page that has decided already; None for a terminal of another agent."""
    row = uow.session.get(HeadwindTerminal, terminal.id)
    return None if row is None else _standing(uow, terminal, row)


def not_applied(uow: UnitOfWork, device_id: UUID) -> tuple[str, ...]:
    """Return the keys of a terminal's configuration that this agent cannot follow."""
    return translate(desired.effective(uow, device_id).values).not_applied


def _row(uow: UnitOfWork, device_id: UUID) -> HeadwindTerminal:
    row = uow.session.get(HeadwindTerminal, device_id)
    if row is None:
        raise NumberUnknown("This terminal speaks another protocol.")
    return row


def _standing(uow: UnitOfWork, terminal: Terminal, row: HeadwindTerminal) -> Standing:
    return Standing(
        number=row.number or "",
        build=row.build,
        moved_in_at=row.migrated_at,
        path_since=row.secret_at,
        moving=row.next_hash is not None,
        fetched_at=row.told_at,
        not_applied=not_applied(uow, terminal.id),
        not_taken=tuple(sorted(set(KINDS) - CAN["headwind"])),
    )
