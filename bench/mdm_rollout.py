"""`mdm.rollout`: a new layer for the whole force reaches 10,000 terminals.

Ten units and eight groups have layers of their own, so terminals differ. One revision of the
organisation's layer is published and one worker does what is due: the time runs from before the
publication until every terminal is wanted anew and its hint was handed out.
"""

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select

from bench.figures import Figure, Report, machine
from bench.server import free_port
from mdm.configuration import Configuration, impact, publishing, refresh_later
from mdm.configuration.models import Desired
from mdm.devices import ManagedDevice
from mdm.enrolment import EnrolToken
from mdm.groups import Group, GroupMember
from muster.kernel import observe
from muster.kernel.identity import Device, Officer, RoleGrant, Unit
from muster.kernel.identity.people import actor_for
from muster.kernel.ids import uuid7
from muster.kernel.jobs import Worker
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.server.assembly import close
from muster.server.demo.run import built
from muster.server.demo.state import settings_in

NAME: Final = "mdm.rollout"
TERMINALS, UNITS, GROUPS = 10_000, 10, 8
SECONDS, HITS = 60.0, 0.99


def run() -> Report:
    """Publish one layer for a force of its own and watch it go out."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        settings = settings_in(Path(folder), free_port())
        url = os.environ.get("DATABASE_URL") or settings.database_url
        kernel = built(replace(settings, database_url=url, four_eyes_terminals=TERMINALS))
        try:
            return _measured(kernel)
        finally:
            close(kernel)


def _measured(kernel: Kernel) -> Report:
    admin = _force(kernel)
    worker = Worker(kernel)
    worker.run_until_idle()
    with kernel.writes() as uow:
        draft = _layer(uow, admin, "organisation", UUID(int=0), {"screen_lock_seconds": 60}).id
    with kernel.reads() as uow:
        looked = time.monotonic()
        foreseen = impact.of_draft(uow, uow.session.get_one(Configuration, draft)).changed
        looked = time.monotonic() - looked
    before, hits, misses = _hints(), _compiled("hit"), _compiled("miss")
    cpu, began = time.process_time(), time.monotonic()
    with kernel.writes() as uow:
        publishing.publish(uow, actor_for(uow, admin), draft)
    worker.run_until_idle()
    took, cpu = time.monotonic() - began, time.process_time() - cpu
    reached, told = _wanted(kernel), _hints() - before
    hits, misses = _compiled("hit") - hits, _compiled("miss") - misses
    figures = [
        Figure(NAME, "all_notified", took, "s", SECONDS),
        Figure(NAME, "terminals_wanted_anew", reached, "terminals", TERMINALS, ">="),
        Figure(NAME, "hints_handed_out", told, "hints", TERMINALS, ">="),
        Figure(NAME, "cache_hits", hits / (hits + misses), "of 1", HITS, ">="),
        Figure(NAME, "cpu_per_terminal", cpu / TERMINALS * 1000, "ms"),
        Figure(NAME, "impact_preview", looked, "s"),
        Figure(NAME, "impact_foreseen", foreseen, "terminals", reached, ">="),
    ]
    engine = "SQLite, synchronous NORMAL" if kernel.db.is_sqlite else "PostgreSQL"
    made = f"{TERMINALS} terminals, {UNITS} unit and {GROUPS} group layers, 1 worker"
    return Report(NAME, figures, f"{made}, {engine}; {machine()}")


def _force(kernel: Kernel) -> UUID:
    """Make units, groups with their layers, and the terminals; return the admin."""
    with kernel.writes() as uow:
        root = _unit(uow, "ROLLOUT", None, "/ROLLOUT/")
        units = [_unit(uow, f"R{n}", root, f"/ROLLOUT/R{n}/") for n in range(UNITS)]
        admin = Officer(id=uuid7(), number="R-ADMIN", name="Admin", sworn=True, unit_id=root)
        uow.session.add(admin)
        uow.session.flush()
        uow.session.add(RoleGrant(officer_id=admin.id, role="device_admin", unit_id=root))
        groups = [Group(id=uuid7(), name=f"rollout {n}", unit_id=root) for n in range(GROUPS)]
        uow.session.add_all(groups)
        uow.session.flush()
        for n, unit in enumerate(units):
            _publish(uow, admin.id, "unit", unit, {"offline_hours": n + 1})
        for n, group in enumerate(groups):
            _publish(uow, admin.id, "group", group.id, {"lock_message": f"group {n}"})
        token = _token(uow, root, admin.id)
        ids = _terminals(uow, units, [group.id for group in groups], token)
        refresh_later(uow, ids)
        return admin.id


def _unit(uow: UnitOfWork, code: str, parent: UUID | None, path: str) -> UUID:
    unit = Unit(id=uuid7(), code=code, name=code, parent_id=parent, path=path)
    uow.session.add(unit)
    uow.session.flush()
    return unit.id


def _token(uow: UnitOfWork, unit_id: UUID, admin: UUID) -> UUID:
    token = EnrolToken(
        id=uuid7(),
        token_hash=uuid7().hex,
        kind="batch",
        label="rollout",
        uses_left=0,
        unit_id=unit_id,
        created_by=admin,
        expires_at=uow.now() + timedelta(hours=1),
    )
    uow.session.add(token)
    uow.session.flush()
    return token.id


def _terminals(
    uow: UnitOfWork, units: Sequence[UUID], groups: Sequence[UUID], token: UUID
) -> list[UUID]:
    """Spread the terminals over the units; every second one is in a group."""
    ids, now = [uuid7() for _ in range(TERMINALS)], uow.now()
    principals = [
        {
            "id": one,
            "label": f"R-{n:05}",
            "unit_id": units[n % UNITS],
            "tier": 2,
            "posture_at": now,
        }
        for n, one in enumerate(ids)
    ]
    managed = [
        {"id": one, "token_id": token, "serial": f"R{n:05}", "facts": {"encrypted": True}}
        for n, one in enumerate(ids)
    ]
    members = [
        {"group_id": groups[n // 2 % GROUPS], "device_id": one}
        for n, one in enumerate(ids)
        if n % 2
    ]
    for table, rows in ((Device, principals), (ManagedDevice, managed), (GroupMember, members)):
        uow.session.execute(insert(table), rows)
    return ids


def _layer(
    uow: UnitOfWork, admin: UUID, kind: str, scope: UUID, document: dict[str, object]
) -> Configuration:
    row = Configuration(
        id=uuid7(),
        scope_kind=kind,
        scope_id=scope,
        revision=1,
        document=document,
        created_by=admin,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def _publish(
    uow: UnitOfWork, admin: UUID, kind: str, scope: UUID, document: dict[str, object]
) -> None:
    row = _layer(uow, admin, kind, scope, document)
    row.state, row.published_by, row.published_at = "published", admin, uow.now()
    uow.session.flush()


def _wanted(kernel: Kernel) -> int:
    """Count the terminals that are wanted with the new value."""
    with kernel.reads() as uow:
        rows = uow.session.execute(select(Desired.hash, Desired.document)).all()
        fresh = [hash_ for hash_, one in rows if one["configuration"]["screen_lock_seconds"] == 60]
        query = select(func.count()).where(ManagedDevice.desired_hash.in_(fresh))
        return uow.session.scalar(query) or 0


def _hints() -> int:
    return _total("muster_hints_total", outcome="handed")


def _compiled(cache: str) -> int:
    return _total("muster_configuration_compiled_total", cache=cache)


def _total(name: str, **labels: str) -> int:
    """Add up a counter over all label values but those given."""
    return sum(
        int(sample.value)
        for metric in observe.REGISTRY.collect()
        for sample in metric.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )
