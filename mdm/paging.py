"""Cursors of lists that are ordered by id."""

from uuid import UUID

from muster.kernel.errors import Malformed
from muster.kernel.web import decode


def id_after(cursor: str | None) -> UUID | None:
    """Read the id a page ended with; `Malformed` if the cursor is not one of ours."""
    position = decode(cursor, 1)
    return None if position is None else as_id(position[0])


def as_id(part: object) -> UUID:
    """Read one part of a cursor as an id."""
    try:
        return UUID(str(part))
    except ValueError:
        raise Malformed("The cursor is not one this list gave out.") from None
