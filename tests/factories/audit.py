"""Sealing in tests: on PostgreSQL a transaction anywhere on the server holds the sealer back."""

import time

from sqlalchemy import func, select

from muster.kernel.audit import seal
from muster.kernel.audit.models import ENTRIES, LEAVES
from muster.kernel.kernel import Kernel

_UNSEALED = (
    select(func.count())
    .select_from(ENTRIES.outerjoin(LEAVES, LEAVES.c.n == ENTRIES.c.n))
    .where(LEAVES.c.seq.is_(None))
)


def seal_all(kernel: Kernel) -> None:
    """Seal until nothing is left unsealed, for at most 20 seconds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        seal(kernel)
        with kernel.db.connect() as connection:
            if connection.scalar(_UNSEALED) == 0:
                return
    raise AssertionError("the log could not be sealed within 20 seconds")
