"""Writes events beside the change that made them, and reads them back as their class."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import insert
from sqlalchemy.orm import Session

from muster.kernel.events.event import Event
from muster.kernel.events.models import OutboxRow

E = TypeVar("E", bound=Event)


class Outbox:
    """The door into `kern_outbox`, used by the unit of work when it commits."""

    def append(self, session: Session, events: Sequence[Event]) -> None:
        """Write all events in one statement of this session's transaction; none, no statement."""
        if not events:
            return
        rows = [{"name": event.name, "body": encode(event)} for event in events]
        session.connection().execute(insert(OutboxRow), rows)


def encode(event: Event) -> dict[str, Any]:
    """Return the event's fields as JSON values (UUIDs and moments as text)."""
    fields: dict[str, Any] = msgspec.to_builtins(event, str_keys=True)
    return fields


def decode(body: Mapping[str, Any], event: type[E]) -> E:
    """Return the event read as the subscriber's class; fields it does not know are ignored.

    Raises `msgspec.ValidationError`: the body lacks a field of the class or has it in another type.
    """
    return msgspec.convert(body, event)
