"""Which releases a terminal may see: the one answer behind every view. Pure.

Desired state, `/agent/v1/apps/desired`, downloads, the F-Droid index and the catalogue all ask
`resolve` (or `view`, its releases alone) with all that is said about one terminal, in any order:

| said | means |
|---|---|
| `Offer` of a ring | the release reaches the terminal if its bucket lies below the percentage |
| `Offer` of the production | every terminal that an assignment of the app reaches has a bucket below 100 percent |
| `Assigned` required, available | an audience of the terminal is to have the app, or may |
| `Assigned` blocked | the app is not for this terminal |
| `Withdrawn` | the release that is installed was blocked |

| rule | |
|---|---|
| blocked beats everything | no release of the app is seen; the agent removes or suspends it |
| required over available | one required ring or assignment that reaches makes the app required |
| the highest version wins | of the releases that reach, halted ones apart |
| a pin caps | nothing above it is seen; of several pins the lowest |
| halted, or above the pin | is seen only where it is installed |
| nothing lower than installed | Android refuses to go back |
| the installed release was blocked | a higher one that reaches becomes required at once; without one the app is blocked |
| conditions and deadline | of several rings that offer the release, the most pressing; if none asks for any, the assignment's |

Dates of assignments are decided before: only those in force are given. Buckets are drawn per
release, stay the same for ever, and a higher percentage only adds terminals.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from appstore.rollouts.terms import FREE, Pressing, Terms

_BUCKETS: Final = 10_000
_NONE: Final = UUID(int=0)


@dataclass(frozen=True)
class Offer:
    """One ring's offer of one release to one of its members, or the production's to a terminal.

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
    release_id: UUID = _NONE
    kind: str = "apk"
    terms: Terms = FREE


@dataclass(frozen=True)
class Assigned:
    """An assignment in force that reaches the terminal; `mode` is required, available or blocked."""

    package: str
    mode: str
    pinned_code: int | None = None
    terms: Terms = FREE


@dataclass(frozen=True)
class Withdrawn:
    """The terminal said that it has a release which is blocked."""

    package: str
    version_code: int


Claim = Offer | Assigned | Withdrawn


@dataclass(frozen=True)
class Blocked:
    """An app that must not run on the terminal; `version_code` is that of a blocked release."""

    package: str
    version_code: int | None = None


@dataclass(frozen=True)
class Sight:
    """All that a terminal may see, by package: at most one release of each, and what is blocked."""

    seen: tuple[Offer, ...] = ()
    blocked: tuple[Blocked, ...] = ()


def bucket(salt: str, device_id: UUID) -> int:
    """Return the terminal's place, 0 to 9999, in the order in which a release reaches a ring."""
    digest = hashlib.sha256(f"{salt}{device_id}".encode()).hexdigest()
    return int(digest[:8], 16) % _BUCKETS


def reached(salt: str, device_id: UUID, percent: int) -> bool:
    """Whether a rollout of this percentage reaches the terminal."""
    return bucket(salt, device_id) < percent * _BUCKETS // 100


def view(device_id: UUID, claims: Iterable[Claim]) -> list[Offer]:
    """Return the releases the terminal may see: at most one per package, in their order."""
    return list(resolve(device_id, claims).seen)


def resolve(device_id: UUID, claims: Iterable[Claim]) -> Sight:
    """Return what the terminal may see, each offer with the mode and the terms that hold here."""
    said: dict[str, list[Claim]] = {}
    for claim in claims:
        said.setdefault(claim.package, []).append(claim)
    found = [_of_package(device_id, package, said[package]) for package in sorted(said)]
    return Sight(
        tuple(one for one in found if isinstance(one, Offer)),
        tuple(one for one in found if isinstance(one, Blocked)),
    )


def _of_package(device_id: UUID, package: str, claims: Sequence[Claim]) -> Offer | Blocked | None:
    assigned = [claim for claim in claims if isinstance(claim, Assigned)]
    if any(one.mode == "blocked" for one in assigned):
        return Blocked(package)
    pin = min((one.pinned_code for one in assigned if one.pinned_code is not None), default=None)
    offers = [claim for claim in claims if isinstance(claim, Offer)]
    standing = [offer for offer in offers if _stands(device_id, offer, pin)]
    best = min(standing, key=_rank, default=None)
    withdrawn = [claim.version_code for claim in claims if isinstance(claim, Withdrawn)]
    if withdrawn:
        if best is None or best.version_code <= max(withdrawn):
            return Blocked(package, max(withdrawn))
        return replace(best, mode="required", terms=FREE)
    if best is None:
        return None
    modes = {one.mode for one in standing} | {one.mode for one in assigned}
    return replace(
        best, mode="required" if "required" in modes else "available", terms=_terms(best, assigned)
    )


def _stands(device_id: UUID, offer: Offer, pin: int | None) -> bool:
    installed = offer.installed or 0
    if offer.version_code < installed:
        return False
    kept = offer.halted or (pin is not None and offer.version_code > pin)
    if kept and installed != offer.version_code:
        return False
    return reached(offer.salt, device_id, offer.percent)


def _rank(offer: Offer) -> tuple[int, bool, Pressing, str]:
    """Order offers of one package, the best first."""
    return -offer.version_code, offer.mode != "required", offer.terms.pressing, offer.sha256


def _terms(best: Offer, assigned: Sequence[Assigned]) -> Terms:
    if best.terms != FREE:
        return best.terms
    some = [one for one in assigned if one.terms != FREE]
    lead = min(some, key=lambda one: (one.mode != "required", one.terms.pressing), default=None)
    return lead.terms if lead else FREE
