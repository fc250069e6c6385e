"""Which carriers each terminal is to use (`hints.carriers` of its configuration), and its last contact."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm.configuration.reading import Reading
from mdm.devices.models import ManagedDevice
from muster.kernel.hints import ORDER, Wish
from muster.kernel.uow import UnitOfWork


class ConfiguredWishes:
    """Answers `WISHES`."""

    def of(self, uow: UnitOfWork, device_ids: Collection[UUID]) -> Mapping[UUID, Wish]:
        """Return the wish of each managed terminal; without one of its own, the house's order."""
        rows = uow.session.execute(
            select(ManagedDevice.id, ManagedDevice.desired_hash, ManagedDevice.last_seen).where(
                ManagedDevice.id.in_(device_ids)
            )
        ).all()
        carriers = _CARRIERS.of_all(uow, {hash_ for _, hash_, _ in rows})
        return {device_id: Wish(carriers[hash_], seen_at) for device_id, hash_, seen_at in rows}


def _read(document: dict[str, Any]) -> tuple[str, ...]:
    said = document.get("configuration", {}).get("hints", {}).get("carriers")
    return ORDER if said is None else tuple(said)


_CARRIERS: Final = Reading(_read)
