"""Sends a hint over every carrier the house has, once the change it points at is committed."""

import logging
import re
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import select

from muster.kernel import jobs, observe
from muster.kernel.hints.addresses import HintAddress
from muster.kernel.hints.carriers import CARRIERS, Carrier

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

log = logging.getLogger(__name__)

CARRY = "kern.hint.carry"
HINTS = Counter(
    "muster_hints",
    "Hints by carrier and outcome",
    ["carrier", "outcome"],
    registry=observe.REGISTRY,
)
_LOOK = re.compile(r"[a-z_]{1,32}")


def send(uow: "UnitOfWork", device_id: UUID, look: str = "commands") -> None:
    """Tell a terminal, after this unit's commit, to come and look at its `look`.

    `look` is one of the few words a terminal knows (commands, configuration, sync, messages). A
    carrier that fails is counted and logged; this unit never hears of it.
    """
    if not _LOOK.fullmatch(look):
        raise ValueError(f"a hint is one lower-case word, never content: {look!r}")
    carriers = uow.kernel.ports.all(CARRIERS)
    for name, carrier in carriers.items():
        if not carrier.slow:
            uow.after_commit(partial(_carry_now, uow.kernel, name, carrier, device_id, look))
    slow = [name for name, carrier in carriers.items() if carrier.slow]
    if slow:
        _carry_later(uow, slow, device_id, look)


def _carry_now(kernel: "Kernel", name: str, carrier: Carrier, device_id: UUID, look: str) -> None:
    try:
        carrier.carry(kernel, device_id, look)
    except Exception:  # the change is committed; the terminal finds it when it polls
        HINTS.labels(name, "failed").inc()
        log.warning("%s did not carry a hint to %s", name, device_id, exc_info=True)
    else:
        HINTS.labels(name, "handed").inc()


def _carry_later(uow: "UnitOfWork", names: list[str], device_id: UUID, look: str) -> None:
    """Enqueue one job per carrier that knows an address; hints that still wait are one."""
    known = select(HintAddress.carrier).where(
        HintAddress.device_id == device_id, HintAddress.carrier.in_(names)
    )
    for name in uow.session.scalars(known).all():
        payload = {"carrier": name, "device_id": str(device_id), "look": look}
        jobs.enqueue(uow, CARRY, payload, key=f"hint:{name}:{device_id}:{look}")


def carry(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Handle `kern.hint.carry`; an error goes to the queue, which tries again later."""
    name = payload["carrier"]
    try:
        kernel.ports.ask(CARRIERS, name).carry(kernel, UUID(payload["device_id"]), payload["look"])
    except Exception:
        HINTS.labels(name, "failed").inc()
        raise
    HINTS.labels(name, "handed").inc()
