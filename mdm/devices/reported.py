"""What terminals report, written past their row's version, which counts people's edits only."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, Update, bindparam, update

from mdm.devices.models import ManagedDevice
from muster.kernel.uow import UnitOfWork

_TABLE: Final = cast("Table", ManagedDevice.__table__)


def write(uow: UnitOfWork, device_id: UUID, changed: Mapping[str, Any]) -> None:
    """Set columns of a terminal; what the session holds of it stays as it was read."""
    statement = _update(tuple(changed))
    uow.session.connection().execute(statement, {"device": device_id, **changed})


@lru_cache(maxsize=256)
def _update(columns: tuple[str, ...]) -> Update:
    """Return the update of some columns, kept: reports set the same few again and again."""
    given: dict[str, Any] = {name: bindparam(name) for name in columns}
    return (
        update(_TABLE)
        .where(_TABLE.c.id == bindparam("device"))
        .values({"updated_at": _TABLE.c.updated_at, **given})
    )
