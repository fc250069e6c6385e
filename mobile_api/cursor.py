"""Cursors of lists that are sorted by an id alone."""

from uuid import UUID

from muster.kernel.errors import Malformed
from muster.kernel.web import decode


def after_id(cursor: str | None) -> UUID | None:
    """Return the id a page goes on from, or raise `Malformed` for a cursor that is not ours."""
    position = decode(cursor, 1)
    if position is None:
        return None
    try:
        return UUID(position[0])
    except (ValueError, TypeError, AttributeError) as error:
        raise Malformed("The cursor belongs to another list. Start from the first page.") from error
