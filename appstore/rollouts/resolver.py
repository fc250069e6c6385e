"""Which releases a terminal may see: the one answer behind desired state and downloads. Pure.

A ring reaches a terminal when its bucket lies below the ring's percentage. Buckets are drawn per
release, stay the same for ever, and a higher percentage only adds terminals.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_BUCKETS: Final = 10_000


@dataclass(frozen=True)
class Offer:
    """One ring's offer of one release to one of its members.

    `mode` is required or available. `installed` is the version code that the terminal last said is
    on it, None for none.
    """

    package: str
    version_code: int
    sha256: str
    size: int
    signer: str
    salt: str
    percent: int
    mode: str
    halted: bool = False
    installed: int | None = None
    visibility: str = "everyone"


def bucket(salt: str, device_id: UUID) -> int:
    """Return the terminal's place, 0 to 9999, in the order in which a release reaches a ring."""
    digest = hashlib.sha256(f"{salt}{device_id}".encode()).hexdigest()
    return int(digest[:8], 16) % _BUCKETS


def reached(salt: str, device_id: UUID, percent: int) -> bool:
    """Whether a rollout of this percentage reaches the terminal."""
    return bucket(salt, device_id) < percent * _BUCKETS // 100


def view(device_id: UUID, offers: Iterable[Offer]) -> list[Offer]:
    """Return what the terminal may see: at most one release per package, in their order.

    The highest version wins, required over available. A halted release stays only where it is
    installed. Nothing lower than the installed version is shown: Android refuses to go back.
    """
    best: dict[str, Offer] = {}
    for offer in offers:
        if not _stands(device_id, offer):
            continue
        if offer.package not in best or _rank(offer) > _rank(best[offer.package]):
            best[offer.package] = offer
    return [best[package] for package in sorted(best)]


def _stands(device_id: UUID, offer: Offer) -> bool:
    installed = offer.installed or 0
    if offer.version_code < installed or (offer.halted and installed != offer.version_code):
        return False
    return reached(offer.salt, device_id, offer.percent)


def _rank(offer: Offer) -> tuple[int, bool, str]:
    return offer.version_code, offer.mode == "required", offer.sha256
