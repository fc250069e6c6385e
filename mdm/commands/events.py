"""News about commands."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from muster.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CommandQueued(Event):
    """A terminal has something to do."""

    name: ClassVar[str] = "mdm.command_queued"
    command_id: UUID
    device_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class CommandFinished(Event):
    """A command is over; `state` says how."""

    name: ClassVar[str] = "mdm.command_finished"
    command_id: UUID
    device_id: UUID
    kind: str
    state: str
