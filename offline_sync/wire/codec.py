"""Reading and writing bodies on the hot path, with faults told as JSON pointers."""

import re
from typing import Annotated, Any, TypeVar

import msgspec

from muster.kernel.errors import Fault, InvalidInput, Malformed
from offline_sync.pull import Pulled

MOST_ROWS = 500
DEFAULT_ROWS = 100
_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`$")
T = TypeVar("T")


class Cursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint as an object: RxDB merges checkpoints member by member."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=65536)]


class PullRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a pull."""

    checkpoint: Cursor | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = DEFAULT_ROWS
    digest: bool = False


class PushRow(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One row of a push, as RxDB sends it."""

    new_document_state: dict[str, Any]
    assumed_master_state: dict[str, Any] | None = None


class _Digest(msgspec.Struct, frozen=True):
    count: int
    sum: int


class _Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    documents: Any
    checkpoint: Cursor | None
    digest: _Digest | None = None
    reset: bool = False


_pull = msgspec.json.Decoder(PullRequest)
_push = msgspec.json.Decoder(Annotated[list[PushRow], msgspec.Meta(max_length=MOST_ROWS)])
_encoder = msgspec.json.Encoder(decimal_format="number")


def read_pull(body: bytes) -> PullRequest:
    """Read the body of a pull; an empty one is a first pull."""
    return _read(_pull, body) if body.strip() else PullRequest()


def read_push(body: bytes) -> list[PushRow]:
    """Read the rows of a push; `InvalidInput` names the place, `Malformed` is no JSON at all."""
    return _read(_push, body)


def pull_answer(pulled: Pulled) -> bytes:
    """Write a page."""
    return _encoder.encode(
        _Answer(
            documents=pulled.documents,
            checkpoint=None if pulled.reset else Cursor(pulled.token),
            digest=_Digest(*pulled.digest) if pulled.digest else None,
            reset=pulled.reset,
        )
    )


def encode(value: Any) -> bytes:
    """Write any value of plain types, UUIDs and moments as JSON."""
    return _encoder.encode(value)


def as_json(value: Any) -> Any:
    """Return a value as JSON would give it back: UUIDs and moments as text."""
    return msgspec.to_builtins(value)


def _read(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        text = str(error)
        place = _PLACE.search(text)
        path = place["path"] if place else ""
        pointer = path.replace("[", "/").replace("]", "").replace(".", "/") or "/"
        raise InvalidInput(errors=[Fault(pointer, _PLACE.sub("", text))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The body is not JSON.") from error
