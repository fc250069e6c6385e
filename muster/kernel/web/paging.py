"""Keyset pages `{items, next}`: no OFFSET, no exact counts, the cursor says where to go on."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from marshmallow import Schema, fields, validate

from muster.kernel.errors import Malformed

T = TypeVar("T")
MAX_LIMIT = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """Up to `limit` items and the cursor of the next page, if there is one."""

    items: Sequence[T]
    next: str | None


class PageQuery(Schema):
    """`?limit=&after=`; subclass it for filters."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    after = fields.String(load_default=None, validate=validate.Length(max=500))


def encode(position: Sequence[Any]) -> str:
    """Write the sort key of the last row as an opaque cursor."""
    text = json.dumps(list(position), default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode(cursor: str | None, size: int) -> list[Any] | None:
    """Read a cursor of `size` parts back; `Malformed` if it is not one of ours."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise Malformed(
            "The cursor is not one this list gave out. Start from the first page."
        ) from error
    if not isinstance(position, list) or len(position) != size:
        raise Malformed("The cursor belongs to another list. Start from the first page.")
    return position


def decode_id(cursor: str | None) -> UUID | None:
    """Read the cursor of a list that is ordered by id alone."""
    position = decode(cursor, 1)
    return None if position is None else as_id(position[0])


def decode_text(cursor: str | None) -> str | None:
    """Read the cursor of a list that is ordered by one text, such as a number or a code."""
    position = decode(cursor, 1)
    return None if position is None else str(position[0])


def as_id(part: object) -> UUID:
    """Read one part of a cursor as an id."""
    try:
        return UUID(str(part))
    except ValueError as error:
        raise Malformed("The cursor is not one this list gave out.") from error


def decode_number(cursor: str | None) -> int | None:
    """Read the cursor of a list that is ordered by one number."""
    position = decode(cursor, 1)
    if position is None:
        return None
    if type(position[0]) is not int or not 0 <= position[0] < 2**63:
        raise Malformed("The cursor is not one this list gave out.")
    return position[0]


def page(rows: Sequence[T], limit: int, position: Callable[[T], Sequence[Any]]) -> Page[T]:
    """Make a page of rows that were fetched with `limit + 1`."""
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(shown, encode(position(shown[-1])) if more else None)


@cache
def page_schema(item: type[Schema]) -> type[Schema]:
    """Return the documented shape of a page of `item`."""
    name = item.__name__.removesuffix("Schema") + "Page"
    return Schema.from_dict(
        {"items": fields.List(fields.Nested(item)), "next": fields.String(allow_none=True)},
        name=name,
    )
