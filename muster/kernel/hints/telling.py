"""Tells terminals by the carriers chosen for them, and notes by which and when."""

import logging
from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import select, update

from muster.kernel import jobs, observe
from muster.kernel.hints import health
from muster.kernel.hints.carriers import CARRIERS, Carrier
from muster.kernel.hints.errors import HintDelayed
from muster.kernel.hints.models import HintCarrier, HintState
from muster.kernel.upsert import insert_into

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

log = logging.getLogger(__name__)

CARRY: Final = "kern.hint.carry"
FOLLOW_UP: Final = "kern.hint.follow_up"
PATIENCE: Final = timedelta(seconds=60)
"""How long a terminal has to come before the next carrier is tried."""
HINTS = Counter(
    "muster_hints",
    "Hints by carrier and outcome",
    ["carrier", "outcome"],
    registry=observe.REGISTRY,
)
_Told = Sequence[tuple[UUID, str]]


def tell(
    uow: "UnitOfWork", chosen: Mapping[UUID, str], looks: Mapping[UUID, Sequence[str]]
) -> None:
    """Tell each terminal by its chosen carrier; '' tells whoever may listen all the same."""
    _note(uow, chosen, {device_id: looks[device_id][-1] for device_id in chosen})
    carriers = uow.kernel.ports.all(CARRIERS)
    told: dict[str, list[tuple[UUID, str]]] = {}
    for device_id, name in chosen.items():
        pairs = [(device_id, look) for look in looks[device_id]]
        told.setdefault(name or "stream", []).extend(pairs)
    for name, pairs in told.items():
        if name not in carriers:
            continue
        if carriers[name].slow:
            _carry_later(uow, name, pairs)
        else:
            uow.after_commit(partial(_carry_now, uow.kernel, name, carriers[name], pairs))
    health.count(uow, "sent", Tally(name for name in chosen.values() if name))


def _note(uow: "UnitOfWork", chosen: Mapping[UUID, str], looks: Mapping[UUID, str]) -> None:
    now = uow.now()
    rows = [
        {
            "device_id": device_id,
            "look": looks[device_id],
            "carrier": name,
            "outcome": "sent" if name else "",
            "sent_at": now,
            "due_at": now + PATIENCE if name else None,
            "listening": "",
        }
        for device_id, name in chosen.items()
    ]
    added = insert_into(uow.kernel.db, HintState).values(rows)
    new = {
        name: added.excluded[name] for name in ("look", "carrier", "outcome", "sent_at", "due_at")
    }
    uow.session.execute(added.on_conflict_do_update(index_elements=["device_id"], set_=new))


def _carry_later(uow: "UnitOfWork", name: str, told: _Told) -> None:
    """Enqueue one job per hint; hints that still wait are one."""
    for device_id, look in told:
        payload = {"carrier": name, "device_id": str(device_id), "look": look}
        jobs.enqueue(uow, CARRY, payload, key=f"hint:{name}:{device_id}:{look}")


def _carry_now(kernel: "Kernel", name: str, carrier: Carrier, told: _Told) -> None:
    failed: dict[UUID, Exception] = {}
    for device_id, look in told:
        try:
            carrier.carry(kernel, device_id, look)
        except Exception as fault:  # the change is committed; the terminal finds it when it polls
            log.debug("%s did not carry a hint to %s", name, device_id, exc_info=True)
            failed[device_id] = fault
    HINTS.labels(name, "handed").inc(len(told) - len(failed))
    if failed:
        first = next(iter(failed.values()))
        log.warning("%s did not carry %d hints: %s", name, len(failed), first)
        _note_failed(kernel, name, list(failed), first)


def _note_failed(
    kernel: "Kernel",
    name: str,
    device_ids: Sequence[UUID],
    error: Exception,
    delay: timedelta | None = None,
) -> None:
    """Count it, and have the next carrier tried at once."""
    HINTS.labels(name, "failed").inc(len(device_ids))
    with kernel.writes() as uow:
        failed = (
            update(HintState)
            .where(HintState.device_id.in_(device_ids), HintState.carrier == name)
            .values(outcome="failed", due_at=uow.now())
        )
        uow.session.execute(failed)
        jobs.enqueue(uow, FOLLOW_UP, {}, key=FOLLOW_UP)
        health.count(uow, "failed", {name: len(device_ids)}, str(error))
        if delay is not None:
            health.pause(uow, name, uow.now() + delay)


def carry(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Handle `kern.hint.carry`; an error goes to the queue, which tries again later.

    A carrier that named a time is left alone until then, for all its terminals.
    """
    name, device_id = payload["carrier"], UUID(payload["device_id"])
    if _postponed(kernel, name, payload):
        return
    try:
        kernel.ports.ask(CARRIERS, name).carry(kernel, device_id, payload["look"])
    except HintDelayed as error:
        _note_failed(kernel, name, [device_id], error, error.delay)
        _postponed(kernel, name, payload)
    except Exception as error:
        _note_failed(kernel, name, [device_id], error)
        raise
    else:
        HINTS.labels(name, "handed").inc()


def _postponed(kernel: "Kernel", name: str, payload: dict[str, Any]) -> bool:
    """While the carrier is paused, put the hint off; return whether it was."""
    with kernel.reads() as reading:
        until = reading.session.scalar(
            select(HintCarrier.paused_until).where(HintCarrier.name == name)
        )
    if until is None or until <= kernel.clock():
        return False
    key = f"hint:{name}:{payload['device_id']}:{payload['look']}:later"
    with kernel.writes() as uow:
        jobs.enqueue(uow, CARRY, payload, run_at=until, key=key)
    return True
