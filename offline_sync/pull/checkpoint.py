"""The cursor a terminal keeps beside its rows: what it has of every scope, signed by the server.

`base64url(key id (16) | HMAC-SHA256 (16 bytes of it) | MessagePack)`. It describes the terminal's
store, so it names no officer: at a change of shift the next pull takes away what the next officer
may not hold. Equal content is written in equal bytes, and serves as ETag.
"""

import base64
import binascii
import hmac
from typing import NamedTuple
from uuid import UUID

import msgspec

from muster.kernel.keys import KeyMissingError, Keys
from offline_sync.errors import CheckpointInvalid

_MAC = 16
LONGEST = 64 * 1024


class Position(NamedTuple):
    """How far a terminal is in one scope.

    All changes up to `cursor` are in, and all removals up to `known`: a scope newly come into view
    begins at (0, v), because nothing that had left it before can be on the terminal.
    """

    cursor: int
    known: int

    @property
    def removals(self) -> int:
        """The number up to which removals are settled."""
        return max(self.cursor, self.known)


class Checkpoint(msgspec.Struct, frozen=True, array_like=True):
    """Scopes held, and scopes lost whose rows are not all taken away yet; each in order of id."""

    collection: str
    epoch: str
    schema: int
    live: dict[UUID, Position] = {}
    gone: dict[UUID, Position] = {}


class Foreign(Exception):
    """The checkpoint was signed by a server that no longer exists."""


_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
_decoder = msgspec.msgpack.Decoder(Checkpoint)


def write(keys: Keys, checkpoint: Checkpoint) -> str:
    """Return the signed token."""
    kid, secret = keys.secret("checkpoint")
    payload = _encoder.encode(checkpoint)
    signed = UUID(kid).bytes + _mac(secret, payload) + payload
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def read(keys: Keys, collection: str, token: str) -> Checkpoint:
    """Read a token back.

    Raises `CheckpointInvalid` for what was changed or belongs to another collection, and `Foreign`
    for one of another database, whose key is not ours.
    """
    if len(token) > LONGEST:
        raise CheckpointInvalid
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        kid, mac, payload = str(UUID(bytes=signed[:16])), signed[16:32], signed[32:]
    except (binascii.Error, ValueError) as error:
        raise CheckpointInvalid from error
    try:
        secret = keys.secret_by_id("checkpoint", kid)
    except KeyMissingError as error:
        raise Foreign from error
    if not hmac.compare_digest(mac, _mac(secret, payload)):
        raise CheckpointInvalid
    checkpoint = _decoder.decode(payload)
    if checkpoint.collection != collection:
        raise CheckpointInvalid("This checkpoint belongs to another collection.")
    return checkpoint


def _mac(secret: bytes, payload: bytes) -> bytes:
    return hmac.digest(secret, b"muster.sync.checkpoint.v1\n" + payload, "sha256")[:_MAC]
