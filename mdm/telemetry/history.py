"""What is remembered of a terminal's past: what changed, and one line for each day it reported."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select

from mdm.devices import fleet
from mdm.devices.models import ManagedDevice
from mdm.telemetry.models import HistoryEntry
from mdm.telemetry.software import difference
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

_WATCHED: Final = ("imei", "model", "os", "os_version", "patch_level", "agent_version", "sims")


def note(uow: UnitOfWork, managed: ManagedDevice, changed: Mapping[str, Any]) -> None:
    """Write down what a report changed; most reports change nothing and write no row.

    `managed` is the terminal before the report, `changed` the columns that the report sets.
    """
    now, rows = uow.now(), []
    if managed.last_seen is None or managed.last_seen.date() != now.date():
        rows.append(_row(managed.id, now, "day", _day(managed, changed)))
    detail = changes(managed, changed)
    if detail:
        rows.append(_row(managed.id, now, "change", detail))
    if rows:
        uow.session.execute(insert(HistoryEntry), rows)


def changes(managed: ManagedDevice, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is different from before, of what is worth remembering."""
    detail: dict[str, Any] = {
        name: {"before": _plain(getattr(managed, name)), "after": _plain(changed[name])}
        for name in _WATCHED
        if name in changed and changed[name] != getattr(managed, name)
    }
    if "software" in changed:
        packages = difference(managed.software, changed["software"])
        detail |= {"software": packages} if packages else {}
    return detail


def listing(
    uow: UnitOfWork, actor: Actor, device_id: UUID, *, after: UUID | None = None, limit: int = 50
) -> Sequence[HistoryEntry]:
    """Return up to `limit + 1` lines of a terminal's past, newest first."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    query = select(HistoryEntry).where(HistoryEntry.device_id == device_id)
    if after is not None:
        query = query.where(HistoryEntry.id < after)
    return uow.session.scalars(query.order_by(HistoryEntry.id.desc()).limit(limit + 1)).all()


def _day(managed: ManagedDevice, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of a day's first report, and when the terminal was last heard of before."""
    inventory = changed.get("inventory", managed.inventory)
    day = {
        "battery": changed.get("battery", managed.battery),
        "storage_free_mb": inventory.get("storage_free_mb"),
        "seen_before": _plain(managed.last_seen),
    }
    return {name: value for name, value in day.items() if value is not None}


def _row(device_id: UUID, at: datetime, kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"id": uuid7(), "device_id": device_id, "at": at, "kind": kind, "detail": detail}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
