"""The audit room's jobs and executors: sealing, witnesses, forwarding, reviews, watching."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from muster.kernel.approvals import EXECUTORS
from muster.kernel.audit.errors import NoteInvalid
from muster.kernel.audit.forward import cursor, syslog
from muster.kernel.audit.retention import holds
from muster.kernel.audit.retention.rules import Retention
from muster.kernel.audit.review import draw
from muster.kernel.audit.sealer import seal
from muster.kernel.audit.watch import EVERY as LOOK
from muster.kernel.audit.watch import WATCH, watch
from muster.kernel.audit.witness import push
from muster.kernel.audit.witness.cosignature import WitnessKey
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings, SettingsError

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_SEAL = "audit.seal"


def wire(ports: Ports, settings: Settings) -> None:
    """Answer for the audit room; nobody is asked who is not set.

    Raises `SettingsError` for a witness, collector or retention that cannot be read.
    """
    _check(settings)
    ports.answer(EXECUTORS, holds.LIFT, holds.LiftExecutor())
    ports.answer(HANDLERS, _SEAL, _seal)
    ports.answer(SCHEDULES, _SEAL, Schedule(timedelta(seconds=1), _SEAL, direct=True))
    jobs = [(draw.DRAW, draw.draw, draw.EVERY), (WATCH, watch, LOOK)]
    if settings.witness_urls:
        jobs.append((push.PUSH, push.push, push.EVERY))
    if settings.syslog_url:
        jobs.append((cursor.FORWARD, cursor.forward, cursor.EVERY))
    for kind, handler, period in jobs:
        ports.answer(HANDLERS, kind, handler)
        ports.answer(SCHEDULES, kind, Schedule(period, kind))


def _seal(kernel: "Kernel", payload: dict[str, Any]) -> None:
    seal(kernel)


def retention(settings: Settings) -> Retention:
    """Return the rules of the settings, or raise `SettingsError`."""
    try:
        return Retention.of(
            settings.audit_retention, settings.audit_hot_days, settings.audit_cold_days
        )
    except ValueError as error:
        raise SettingsError(f"MUSTER_AUDIT_RETENTION: {error}") from error


def _check(settings: Settings) -> None:
    retention(settings)
    if len(settings.witness_urls) != len(settings.witness_keys):
        raise SettingsError("MUSTER_WITNESS_KEYS holds one key for each of MUSTER_WITNESS_URLS")
    try:
        names = {WitnessKey.parse(key).name for key in settings.witness_keys}
    except NoteInvalid as error:
        raise SettingsError(f"MUSTER_WITNESS_KEYS: {error}") from error
    if len(names) != len(settings.witness_keys):
        raise SettingsError("MUSTER_WITNESS_KEYS: two witnesses have one name")
    if not all(url.startswith(("http://", "https://")) for url in settings.witness_urls):
        raise SettingsError("MUSTER_WITNESS_URLS begin with https:// or http://")
    if settings.syslog_url:
        try:
            syslog.Collector.parse(settings.syslog_url)
        except ValueError as error:
            raise SettingsError(f"MUSTER_SYSLOG_URL: {error}") from error
