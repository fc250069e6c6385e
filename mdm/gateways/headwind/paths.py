"""The secret path of a terminal: 128 bits, derived from a house key, known to the table by hash.

The same secret can be given again as often as an answer gets lost, and nobody who reads the table
can call as a terminal. A rotation offers the next one; the old holds until the next is used.
"""

import hashlib
import hmac
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from mdm.gateways.headwind.models import HeadwindTerminal
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

PLAIN: Final = "hmdm"
KEYS: Final = "device_path"
MOVES_AFTER: Final = timedelta(days=30)
_SECRET: Final = re.compile(r"[0-9a-f]{32}")
_HOLDER: Final = select(HeadwindTerminal.device_id).where(
    or_(
        HeadwindTerminal.secret_hash == bindparam("known"),
        HeadwindTerminal.next_hash == bindparam("known"),
    )
)


def first(uow: UnitOfWork, device_id: UUID, number: str, build: str) -> HeadwindTerminal:
    """Make the row of a terminal that comes in now."""
    key_id, _ = uow.kernel.keys.secret(KEYS)
    row = HeadwindTerminal(
        device_id=device_id,
        number=number,
        build=build,
        key_id=key_id,
        generation=1,
        secret_at=uow.now(),
        told_hash="",
    )
    row.secret_hash = hashed(_derived(uow.kernel, row, 1))
    uow.session.add(row)
    uow.session.flush()
    return row


def wanted(kernel: "Kernel", row: HeadwindTerminal) -> str:
    """Return the secret of the path the terminal is to live on."""
    return _derived(kernel, row, row.generation + (row.next_hash is not None))


def segments(kernel: "Kernel", row: HeadwindTerminal) -> list[str]:
    """Return every first segment its poll thread may have begun with, oldest first.

    The agent signs polls once, at its start, with the path it had then.
    """
    known = range(max(1, row.generation - 1), row.generation + 1 + (row.next_hash is not None))
    return [PLAIN, *(f"{PLAIN}-{_derived(kernel, row, generation)}" for generation in known)]


def holder(kernel: "Kernel", secret: str) -> UUID | None:
    """Return the terminal that lives, or is to live, on a path; None for nobody's."""
    if not _SECRET.fullmatch(secret):
        return None
    with kernel.db.connect() as connection:
        device_id: UUID | None = connection.scalar(_HOLDER, {"known": hashed(secret)})
    return device_id


def arrive(uow: UnitOfWork, row: HeadwindTerminal, secret: str) -> None:
    """Note a call on a secret path: the first closes the plain one, the next one ends the old."""
    if row.migrated_at is None:
        row.migrated_at = uow.now()
    if row.next_hash is not None and hmac.compare_digest(row.next_hash, hashed(secret)):
        row.generation, row.secret_hash = row.generation + 1, row.next_hash
        row.next_hash, row.secret_at = None, uow.now()
    elif row.next_hash is None and uow.now() - row.secret_at >= MOVES_AFTER:
        move(uow, row)


def move(uow: UnitOfWork, row: HeadwindTerminal) -> None:
    """Offer the terminal its next path; it moves when it next fetches its configuration."""
    if row.next_hash is None:
        row.next_hash = hashed(_derived(uow.kernel, row, row.generation + 1))


def hashed(secret: str) -> str:
    """Return the stored form of a secret; 128 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _derived(kernel: "Kernel", row: HeadwindTerminal, generation: int) -> str:
    key = kernel.keys.secret_by_id(KEYS, row.key_id)
    text = b"muster.headwind.path.v1\n" + row.device_id.bytes + generation.to_bytes(4)
    return hmac.digest(key, text, "sha256")[:16].hex()
