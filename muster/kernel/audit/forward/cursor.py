"""The job: sends what was sealed since the last delivery, and moves the cursor on after it.

At least once: the cursor is stored when the collector has read everything, so a kill in between
sends the batch again. In sealed order, which has no gaps and never changes.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from sqlalchemy import select

from muster.kernel.audit.forward import cef, syslog
from muster.kernel.audit.forward.models import Forwarding
from muster.kernel.audit.models import ENTRIES, LEAVES

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

FORWARD: Final = "audit.forward"
EVERY: Final = timedelta(seconds=5)
BATCH: Final = 500
_ROUNDS: Final = 20  # batches in one turn: then the worker looks at other things

log = logging.getLogger(__name__)


def forward(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Send until nothing is left, or the collector does not take it."""
    if not kernel.settings.syslog_url:
        return
    collector = syslog.Collector.parse(kernel.settings.syslog_url)
    for _ in range(_ROUNDS):
        if _send(kernel, collector) < BATCH:
            return


def _send(kernel: "Kernel", collector: syslog.Collector) -> int:
    host = urlsplit(kernel.settings.origin).hostname or "-"
    with kernel.reads() as uow:
        row = uow.session.get(Forwarding, str(collector))
        position = row.position if row else 0
        last = LEAVES.c.seq < position + BATCH
        rows = uow.session.execute(
            select(LEAVES.c.seq, ENTRIES.c.canonical)
            .outerjoin(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
            .where(LEAVES.c.seq >= position, last)
            .order_by(LEAVES.c.seq)
        ).all()
    if not rows:
        return 0
    kept = [(seq, canonical) for seq, canonical in rows if canonical is not None]
    try:
        collector.send([_message(host, seq, canonical) for seq, canonical in kept])
    except OSError as error:
        log.warning("%s does not take the audit log: %s", collector, error)
        _note(kernel, collector, position, f"{type(error).__name__}: {error}"[:300])
        return 0
    _note(kernel, collector, rows[-1][0] + 1, "")
    return len(rows)


def _message(host: str, seq: int, canonical: bytes) -> bytes:
    document = json.loads(canonical)
    return syslog.message(
        datetime.fromisoformat(document["at"]),
        host,
        seq,
        action=document["action"],
        grave=document["outcome"] in ("denied", "failed"),
        body=cef.event(seq, document),
    )


def _note(kernel: "Kernel", collector: syslog.Collector, position: int, fault: str) -> None:
    with kernel.writes() as uow:
        row = uow.session.get(Forwarding, str(collector), with_for_update=True)
        if row is None:
            row = Forwarding(target=str(collector), position=0)
            uow.session.add(row)
        row.fault = fault
        if not fault:
            row.position, row.sent_at = max(row.position, position), uow.now()
