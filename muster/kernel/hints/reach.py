"""Which carriers can reach which terminal now: preference, addresses, open connections."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

from sqlalchemy import select

from muster.kernel.hints.addresses import HintAddress
from muster.kernel.hints.carriers import CARRIERS, Carrier
from muster.kernel.hints.models import HintCarrier, HintState
from muster.kernel.ports import Port

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

ORDER: Final = ("stream", "long_poll", "mqtt", "fcm")
"""What holds where nothing is configured, best first."""


@dataclass(frozen=True)
class Wish:
    """What the house says of one terminal: its carriers, best first, and when it last came."""

    carriers: tuple[str, ...] = ORDER
    seen_at: datetime | None = None


class Wishes(Protocol):
    """Answers how terminals are to be told."""

    def of(self, uow: "UnitOfWork", device_ids: Collection[UUID]) -> Mapping[UUID, Wish]:
        """Return the wish of each terminal that is known."""


WISHES: Port[Wishes] = Port("hint wishes")


@dataclass(frozen=True)
class Reach:
    """One terminal: its carriers, best first, those that can reach it now, and its last contact."""

    carriers: tuple[str, ...]
    usable: frozenset[str]
    seen_at: datetime | None = None

    def best(self, after: str = "") -> str:
        """Return the best usable carrier, or the best after one that did not do; '' for none."""
        start = self.carriers.index(after) + 1 if after in self.carriers else 0
        return next((name for name in self.carriers[start:] if name in self.usable), "")


def reach(uow: "UnitOfWork", device_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """Return how each of these terminals can be reached; four statements for all of them."""
    carriers = uow.kernel.ports.all(CARRIERS)
    wishes: dict[UUID, Wish] = {}
    for answer in uow.kernel.ports.all(WISHES).values():
        wishes |= answer.of(uow, device_ids)
    listening = _listening(uow, device_ids)
    addressed = _addressed(uow, device_ids)
    paused = _paused(uow)
    found = {}
    for device_id in device_ids:
        wish = wishes.get(device_id, Wish())
        usable = {
            name
            for name, carrier in carriers.items()
            if name not in paused
            and _finds(carrier, name, listening.get(device_id, ""), addressed.get(device_id, ()))
        }
        found[device_id] = Reach(wish.carriers, frozenset(usable), wish.seen_at)
    return found


def _finds(carrier: Carrier, name: str, listening: str, addressed: Collection[str]) -> bool:
    return listening == name if carrier.finds == "listener" else name in addressed


def _listening(uow: "UnitOfWork", device_ids: Collection[UUID]) -> dict[UUID, str]:
    now = select(HintState.device_id, HintState.listening).where(
        HintState.device_id.in_(device_ids), HintState.listening_until > uow.now()
    )
    return dict(uow.session.execute(now).all())


def _addressed(uow: "UnitOfWork", device_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    known: dict[UUID, set[str]] = {}
    query = select(HintAddress.device_id, HintAddress.carrier)
    rows = uow.session.execute(query.where(HintAddress.device_id.in_(device_ids)))
    for device_id, carrier in rows:
        known.setdefault(device_id, set()).add(carrier)
    return known


def _paused(uow: "UnitOfWork") -> frozenset[str]:
    query = select(HintCarrier.name).where(HintCarrier.paused_until > uow.now())
    return frozenset(uow.session.scalars(query))
