"""How an app does once it is out: who runs which version, what fails, what breaks, how it is liked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.insight import counting
from appstore.insight.counting import Day, Failure
from mdm.telemetry import crashes
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

_MOST_VERSIONS: Final = 30


@dataclass(frozen=True)
class Liked:
    """Ratings: how many gave how many stars."""

    stars: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many officers rated."""
        return sum(self.stars.values())

    @property
    def average(self) -> float | None:
        """The average of the stars, None where nobody rated."""
        given = sum(stars * count for stars, count in self.stars.items())
        return round(given / self.count, 2) if self.count else None


@dataclass(frozen=True)
class Version:
    """One version: on how many terminals it is and failed, how often it broke, how it is liked."""

    version_code: int
    version_name: str
    installed: int
    failed: int
    crashes: int
    crash_places: int
    liked: Liked
    open_faults: int


@dataclass(frozen=True)
class Insight:
    """All that is known of an app in use, versions the newest first, days the oldest first."""

    app: App
    versions: Sequence[Version]
    failures: Sequence[Failure]
    liked: Liked
    open_faults: int
    history: Sequence[Day]

    @property
    def installed(self) -> int:
        """The terminals in service that have the app."""
        return sum(version.installed for version in self.versions)


def read(uow: UnitOfWork, actor: Actor, package: str) -> Insight:
    """Return how an app does; as many statements for one version as for thirty."""
    app = lookup.find(uow, package)
    guard.require(uow, actor, "app.insight.read", lookup.target(uow, app))
    names = counting.releases(uow, app.id)
    installed = counting.installed(uow, package)
    failures = counting.failures(uow, package)
    broke = crashes.counted(uow, package)
    stars = counting.stars(uow, app.id)
    faults = counting.open_faults(uow, app.id)
    known = sorted({*names, *installed, *broke}, reverse=True)
    versions = [
        Version(
            version_code=code,
            version_name=names.get(code, ""),
            installed=installed.get(code, 0),
            failed=sum(one.terminals for one in failures if one.version_code == code),
            crashes=broke.get(code, (0, 0))[0],
            crash_places=broke.get(code, (0, 0))[1],
            liked=Liked(stars.get(code, {})),
            open_faults=faults.get(code, 0),
        )
        for code in known[:_MOST_VERSIONS]
    ]
    liked = Liked(_together(stars.values()))
    history = counting.history(uow, app.id)
    return Insight(app, versions, failures, liked, sum(faults.values()), history)


def _together(each: Iterable[Mapping[int, int]]) -> dict[int, int]:
    found = dict.fromkeys(range(1, 6), 0)
    for given in each:
        for stars, count in given.items():
            found[stars] += count
    return found
