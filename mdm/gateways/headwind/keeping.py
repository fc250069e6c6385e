"""What the agent sends is kept as any terminal's is: lines in the log, changes in its history.

The agent names no batch, so the content does: the same lines sent again are the same batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from mdm.gateways.headwind.evidence import moment
from mdm.gateways.headwind.report import LogLine
from mdm.telemetry import logs
from muster.kernel.uow import UnitOfWork

_LEVELS: Final = {1: "error", 2: "warning", 3: "info", 4: "debug", 5: "debug"}


@dataclass(frozen=True)
class Line:
    """A line as the house keeps it."""

    at: datetime
    level: str
    tag: str
    text: str


def keep_lines(
    uow: UnitOfWork, device_id: UUID, lines: Sequence[LogLine], command_id: UUID | None
) -> None:
    """Keep lines once, no more talkative than ordered; one without a believable moment is of now."""
    said = "\n".join(f"{line.timestamp} {line.packageId} {line.message}" for line in lines)
    kept = [
        Line(
            moment(line.timestamp) or uow.now(),
            _LEVELS.get(line.logLevel, "debug"),
            line.packageId[:64],
            line.message[:4000],
        )
        for line in lines
    ]
    logs.take(uow, device_id, uuid5(device_id, said), kept, command_id=command_id)
