"""JSON bodies and addresses, read strictly: what one database takes and the other cannot is refused.

A lone surrogate or a NUL has no place in PostgreSQL's text, NaN none in JSON (RFC 8259 §6, §8.2).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from flask import Request
from marshmallow import RAISE, Schema
from webargs import core
from webargs.flaskparser import FlaskParser

from muster.kernel.errors import BodyTooLarge, Fault, InvalidInput, Malformed
from muster.kernel.web.problems import UnsupportedMedia, escaped


class StrictParser(FlaskParser):
    """Loads what `@blp.arguments` asks for; an unknown query parameter is refused like a field.

    A filter with a slip of the pen would otherwise list everything without a word.
    """

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - as the library has it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the JSON body, `missing` for none at all.

        Raises `UnsupportedMedia` for a body of another type and `Malformed` for what is not JSON.
        """
        data = req.get_data(cache=True)
        if not data:
            return core.missing
        if not req.is_json:
            raise UnsupportedMedia("Send the body as application/json.")
        return read_json(data)


def read_json(data: bytes) -> Any:
    """Parse one JSON document.

    Raises `Malformed` that says why it cannot be read, or `InvalidInput` for text nobody can store.
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Malformed(f"The body is not JSON: {error.msg} at {where}.") from error
    except (ValueError, RecursionError) as error:
        raise Malformed("The body holds a number or a nesting that nobody can read.") from error
    if b"\\u" in data:
        _refuse_unstorable(value)
    return value


def bound(request: Request, limit: int) -> None:
    """Limit the body in bytes, announced or not.

    werkzeug cuts a chunked body silently at its limit (`LimitedStream.readall`) and takes the rest
    for nothing; ours refuses it instead.
    """
    request.max_content_length = limit
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        request.max_content_length = limit + 1
        request.environ["wsgi.input"] = _Bounded(request.environ["wsgi.input"], limit)


class _Bounded:
    """A body that raises `BodyTooLarge` at the first byte beyond its limit."""

    def __init__(self, source: Any, limit: int) -> None:
        self._source, self._left = source, limit

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise BodyTooLarge
        return data


def check_address(request: Request) -> None:
    """Refuse a NUL in path or query; one database would take it and the other would not."""
    if "\0" in request.path or b"%00" in request.query_string:
        raise Malformed("The address holds a NUL.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse_unstorable(value: Any) -> None:
    why = "Text cannot hold a NUL or half of a surrogate pair."
    faults = [Fault(place, why) for place, text in _texts(value, "") if _unstorable(text)]
    if faults:
        raise InvalidInput(errors=faults)


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield each text with its place; a name stands at the place of its object."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield pointer, name
            place = f"{pointer}/{escaped(name)}" if not _unstorable(name) else pointer
            yield from _texts(member, place)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{pointer}/{number}")


def _unstorable(text: str) -> bool:
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
