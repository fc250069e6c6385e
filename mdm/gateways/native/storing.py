"""What a report changes: one update of the terminal's row, and what is worth remembering."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from mdm import groups
from mdm.configuration.models import Desired
from mdm.devices import reported
from mdm.devices.models import ManagedDevice
from mdm.gateways.native.report import CheckIn, Installed, Location, plain
from mdm.telemetry import crashes, history, location, orders, software
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork

_COLUMNS: Final = ("imei", "model", "os", "os_version", "agent_version")


@dataclass(frozen=True)
class Stored:
    """What became of a report.

    `changed` are the columns it set; `fresh` is False for one that is older than the last taken;
    `dropped` names the members that nobody had asked for.
    """

    fresh: bool = True
    sequence: int = 0
    changed: dict[str, Any] = field(default_factory=dict)
    resync: bool = False
    dropped: tuple[str, ...] = ()


def store(
    uow: UnitOfWork,
    principal: Device,
    managed: ManagedDevice,
    kinds: Collection[str],
    report: CheckIn,
) -> Stored:
    """Write a report past the row's version, which counts people's edits.

    `kinds` are the kinds of the terminal's open commands: a locate orders a location.
    """
    changed: dict[str, Any] = {"last_seen": uow.now()}
    if report.sequence is not None:
        changed["sequence"] = report.sequence
    if report.posture is not None:
        changed["facts"] = plain(report.posture)
    if report.battery is not None:
        changed["battery"] = report.battery
    if report.apps:
        changed["apps"] = [plain(app) for app in report.apps]
    if report.sims is not None:
        changed["sims"] = [plain(sim) for sim in report.sims]
    changed |= _inventory(managed, report) | _applied(uow, managed, report)
    resync = _software(managed, report, changed)
    dropped = _location(uow, principal, managed, kinds, report, changed)
    history.note(uow, managed, changed)
    crashes.take(uow, managed.id, report.crashes)
    reported.write(uow, managed.id, changed)
    groups.follow(uow, managed, changed)
    sequence = report.sequence or managed.sequence
    return Stored(sequence=sequence, changed=changed, resync=resync, dropped=dropped)


def fix(given: Location) -> dict[str, Any]:
    """Return a reported location as it is stored."""
    return location.kept(given.lat, given.lon, given.at, given.accuracy_m, given.datum)


def _inventory(managed: ManagedDevice, report: CheckIn) -> dict[str, Any]:
    if report.inventory is None:
        return {}
    given = plain(report.inventory)
    changed: dict[str, Any] = {name: given.pop(name) for name in _COLUMNS if name in given}
    if given.pop("patch_level", None):
        changed["patch_level"] = report.inventory.patch_level
    if given:
        changed["inventory"] = managed.inventory | given
    return changed


def _software(managed: ManagedDevice, report: CheckIn, changed: dict[str, Any]) -> bool:
    """Take the list of what is installed; return whether the terminal must send all of it."""
    given = report.software
    if given is None:
        return False
    if given.full is not None:
        taken = software.take_full(_packages(given.full))
    else:
        news = _packages(given.changed)
        taken = software.take_delta(managed.software, given.base or "", news, given.removed)
    if taken.software != managed.software:
        changed["software"] = taken.software
    return taken.resync


def _packages(given: dict[str, Installed]) -> dict[str, dict[str, Any]]:
    return {
        name: {"version_code": package.version_code, "version": package.version}
        for name, package in given.items()
    }


def _location(
    uow: UnitOfWork,
    principal: Device,
    managed: ManagedDevice,
    kinds: Collection[str],
    report: CheckIn,
    changed: dict[str, Any],
) -> tuple[str, ...]:
    """Take a location that somebody ordered; drop any other unseen."""
    if report.location is None:
        return ()
    configured = orders.orders(uow, managed.desired_hash).location
    if not location.is_ordered(principal.state, configured, kinds):
        return ("location",)
    changed["location"] = fix(report.location)
    return ()


def _applied(uow: UnitOfWork, managed: ManagedDevice, report: CheckIn) -> dict[str, Any]:
    """Believe an echo only of a document that exists."""
    echo = report.applied_hash
    if echo is None or echo == managed.applied_hash:
        return {}
    if echo != managed.desired_hash:
        known = select(Desired.hash).where(Desired.hash == echo)
        if uow.session.scalar(known) is None:
            return {}
    return {"applied_hash": echo, "applied_at": uow.now()}
