"""Which look-ups are drawn, and what is a burst of refusals.

The draw is random and can be repeated: an entry is in when SHA-256 over the seed and its id falls
under the share. The seed is the log's own root at the time of the draw, which nobody knows before
and everybody can look up after: neither officers nor reviewers can steer it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

SHARE: Final = 0.01
BURST, WITHIN = 5, timedelta(minutes=10)


@dataclass(frozen=True)
class Act:
    """One entry, as far as the draw needs it."""

    id: UUID
    at: datetime
    officer_id: UUID
    unit_id: UUID
    action: str
    case_ref: str = ""
    broke_glass: bool = False


@dataclass(frozen=True)
class Burst:
    """Refusals of one officer that follow each other closely; `first` stands for all."""

    first: Act
    count: int


def sample(acts: Iterable[Act], seed: bytes, share: float = SHARE) -> list[Act]:
    """Draw a share of the acts; of any at all, at least one."""
    lots = sorted((_lot(seed, act.id), act.id, act) for act in acts)
    return [act for place, (lot, _, act) in enumerate(lots) if place == 0 or lot < share]


def bursts(denials: Iterable[Act]) -> list[Burst]:
    """Find runs of at least five refusals of one officer within ten minutes, each act in one."""
    found, by_officer = [], defaultdict(list)
    for act in denials:
        by_officer[act.officer_id].append(act)
    for acts in by_officer.values():
        found += _runs(sorted(acts, key=lambda act: act.at))
    return sorted(found, key=lambda burst: burst.first.at)


def _runs(acts: Sequence[Act]) -> list[Burst]:
    found, start = [], 0
    while start < len(acts):
        end = start
        while end < len(acts) and acts[end].at - acts[start].at <= WITHIN:
            end += 1
        if end - start >= BURST:
            found.append(Burst(acts[start], end - start))
            start = end
        else:
            start += 1
    return found


def _lot(seed: bytes, entry_id: UUID) -> float:
    """Return a number from 0 up to 1."""
    return int.from_bytes(sha256(seed + entry_id.bytes).digest()[:8]) / 2**64
