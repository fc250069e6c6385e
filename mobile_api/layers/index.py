"""What a spatial index answers, whichever engine it stands on (ADR 0010)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from muster.kernel.ports import Port
from muster.kernel.uow import UnitOfWork
from muster.ondevice.datum import Point


@dataclass(frozen=True)
class Area:
    """One jurisdiction without its border; `parent` is a code, empty for a city."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str


@dataclass(frozen=True)
class Located:
    """The areas that cover a position, the widest first, borders included.

    `distance_to_border_m` is measured to the nearest border of the finest of them; None where
    there is none. On a shared border both neighbours are listed and the distance is 0.
    """

    areas: Sequence[Area] = ()
    distance_to_border_m: float | None = None


class SpatialIndex(Protocol):
    """Finds areas of one version by position."""

    def locate(self, uow: UnitOfWork, version: UUID, point: Point) -> Located:
        """Return what covers a WGS-84 position, (lon, lat) in degrees."""
        ...


SPATIAL_INDEX: Port[SpatialIndex] = Port("spatial index", frozenset({"jurisdictions"}))
