"""Incidents as terminals hold them offline: the collection `incidents` of offline sync."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.incidents.models import Incident
from mobile_api.scopes import ReadOnly, held_units
from muster.kernel.clock import rfc3339
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

NAME: Final = "incidents"


class IncidentCollection(ReadOnly):
    """Incidents of the officer's unit and of all above it."""

    def visible(self, uow: UnitOfWork, actor: Actor) -> list[str]:
        """Return the units whose incidents this officer may hold."""
        return held_units(uow, actor, "field.incident.read", "Incident")

    def load(
        self, uow: UnitOfWork, actor: Actor, ids: Sequence[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return the bodies."""
        wanted = [UUID(one) for one in ids]
        rows = uow.session.scalars(select(Incident).where(Incident.id.in_(wanted)))
        return {str(row.id): body(row) for row in rows}


def body(row: Incident) -> dict[str, Any]:
    """Return an incident as JSON values."""
    return {
        "number": row.number,
        "kind": row.kind,
        "summary_zh": row.summary_zh,
        "summary_en": row.summary_en,
        "address": row.address,
        "place": row.place,
        "lon": row.lon,
        "lat": row.lat,
        "datum": "wgs84",
        "beat": row.beat,
        "reported_at": rfc3339(row.reported_at),
        "state": row.state,
    }
