"""Sends hints: each by the best carrier its terminal can be reached by, after the commit.

Hints of one unit are kept until its end and go out together, so that a use case may say `send`
for one terminal after the other and still costs a handful of statements.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from muster.kernel import jobs
from muster.kernel.hints import telling
from muster.kernel.hints.reach import reach

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

SPREAD: Final = "kern.hint.spread"
AT_ONCE: Final = 200
"""More terminals than this are told by jobs, batch by batch: all at once would all come at once."""
_BATCH: Final = 100
_PACE: Final = timedelta(milliseconds=200)
_LONGEST: Final = timedelta(seconds=30)
_LOOK = re.compile(r"[a-z_]{1,32}")
_waiting: "WeakKeyDictionary[UnitOfWork, dict[UUID, list[str]]]" = WeakKeyDictionary()


def send(uow: "UnitOfWork", device_id: UUID, look: str = "commands") -> None:
    """Tell a terminal, after this unit's commit, to come and look at its `look`.

    `look` is one of the few words a terminal knows (commands, configuration, sync, messages). A
    carrier that fails is counted and logged; this unit never hears of it.
    """
    _keep(uow, [device_id], look)


def send_many(uow: "UnitOfWork", device_ids: Collection[UUID], look: str = "commands") -> None:
    """Tell many terminals; more than 200 in batches that take turns for up to half a minute."""
    if len(device_ids) <= AT_ONCE:
        _keep(uow, device_ids, look)
        return
    _check(look)
    payloads = [
        {"devices": [str(device_id) for device_id in batch], "look": look}
        for batch in _batches(list(device_ids))
    ]
    over = min(_PACE * len(payloads), _LONGEST)
    jobs.enqueue_many(uow.session, SPREAD, payloads, uow.now(), over=over)
    uow.after_commit(uow.kernel.bus.wake)


def spread(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Handle `kern.hint.spread`: one batch of many, in one commit."""
    with kernel.writes() as uow:
        _keep(uow, [UUID(device_id) for device_id in payload["devices"]], payload["look"])


def _check(look: str) -> None:
    if not _LOOK.fullmatch(look):
        raise ValueError(f"a hint is one lower-case word, never content: {look!r}")


def _keep(uow: "UnitOfWork", device_ids: Collection[UUID], look: str) -> None:
    _check(look)
    waiting = _waiting.get(uow)
    if waiting is None:
        waiting = _waiting[uow] = {}
        uow.before_commit(partial(_send_kept, uow))
    for device_id in device_ids:
        looks = waiting.setdefault(device_id, [])
        if look not in looks:
            looks.append(look)


def _send_kept(uow: "UnitOfWork") -> None:
    """Choose each terminal's carrier; in the order of ids, so that two units never deadlock."""
    looks = _waiting.pop(uow)
    for batch in _batches(sorted(looks)):
        found = reach(uow, batch)
        chosen = {device_id: found[device_id].best() for device_id in batch}
        telling.tell(uow, chosen, {device_id: looks[device_id] for device_id in batch})


def _batches(device_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(device_ids), _BATCH):
        yield device_ids[start : start + _BATCH]
