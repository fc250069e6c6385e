"""The cursor of the list of crashes, which is ordered by when a group was last seen."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mdm.telemetry.models import CrashGroup
from muster.kernel.errors import Malformed
from muster.kernel.web import as_id, decode


def crash_position(group: CrashGroup) -> list[Any]:
    """Return where a group stands in its list."""
    return [group.last_seen.isoformat(), group.id]


def crash_place(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Read a cursor back; `Malformed` if it is not one of ours."""
    told = decode(cursor, 2)
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(str(told[0]))
    except ValueError as error:
        raise Malformed("The cursor is not one this list gave out.") from error
    if at.tzinfo is None:
        raise Malformed("The cursor is not one this list gave out.")
    return at, as_id(told[1])
