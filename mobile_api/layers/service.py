"""Use cases: whose ground a position lies on."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.imports import ImportVersion, current
from mobile_api.layers.errors import JurisdictionsMissing
from mobile_api.layers.index import SPATIAL_INDEX, Located
from mobile_api.layers.models import AreaRow
from mobile_api.places import Place
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

KIND: Final = "jurisdictions"
NEAR_BORDER_M: Final = 50.0
"""Between tall buildings a receiver errs by this much: nearer to a border, ask the neighbour too."""


@dataclass(frozen=True)
class Jurisdiction:
    """A position, the areas that cover it and the version of the map that says so."""

    position: Place
    located: Located
    version: UUID

    @property
    def near_border(self) -> bool:
        """Whether the position may as well lie across the border of its finest area."""
        metres = self.located.distance_to_border_m
        return metres is not None and metres <= max(NEAR_BORDER_M, self.position.accuracy_m or 0)


def find(uow: UnitOfWork, actor: Actor, position: Place) -> Jurisdiction:
    """Tell an officer whose ground a position lies on; raise `JurisdictionsMissing` without a map.

    Two statements, three the first time in a process.
    """
    decision = guard.require(uow, actor, "field.jurisdiction.find", guard.FORCE)
    found = locate(uow, position)
    if found is None:
        raise JurisdictionsMissing
    decision.note(areas=len(found.located.areas), datum=position.datum)
    return found


def locate(uow: UnitOfWork, position: Place) -> Jurisdiction | None:
    """Return the areas of a position for another room's use case; None without a map."""
    version = _version(uow)
    if version is None:
        return None
    index = uow.kernel.ports.ask(SPATIAL_INDEX, KIND)
    return Jurisdiction(
        position, index.locate(uow, version.id, (position.lon, position.lat)), version.id
    )


def names(uow: UnitOfWork, level: str) -> list[str]:
    """Return the names of all areas of a level in force, in every language, none without a map."""
    version = _version(uow)
    if version is None:
        return []
    chosen = select(AreaRow.name, AreaRow.name_en).where(
        AreaRow.import_id == version.id, AreaRow.level == level
    )
    return sorted({name for row in uow.session.execute(chosen) for name in row if name})


def _version(uow: UnitOfWork) -> ImportVersion | None:
    return current(uow, [KIND]).get(KIND)
