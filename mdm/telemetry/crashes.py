"""Crashes: taken from terminals, put together by app version and place, read by those who mend."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from mdm.telemetry.errors import CrashGroupNotFound
from mdm.telemetry.fingerprint import fingerprint, title
from mdm.telemetry.models import Crash, CrashGroup
from mdm.telemetry.ports import APP_OWNERS
from mdm.telemetry.scrubbing import scrub
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into


class Reported(Protocol):
    """A crash as a terminal reports it."""

    @property
    def id(self) -> UUID: ...
    @property
    def package(self) -> str: ...
    @property
    def version_code(self) -> int: ...
    @property
    def version(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class CrashQuery:
    """Filters of the list; what is None does not filter."""

    package: str | None = None


@dataclass(frozen=True)
class CrashSight:
    """A group, and on how many terminals it broke."""

    group: CrashGroup
    terminals: int


def take(uow: UnitOfWork, device_id: UUID, crashes: Sequence[Reported]) -> None:
    """Count crashes of a terminal; one that was counted before is passed over."""
    for crash in crashes:
        group_id = _counted_in(uow, crash, _known(uow, device_id, crash.id))
        if group_id is None:
            continue
        row = {
            "id": uuid7(),
            "device_id": device_id,
            "crash_id": crash.id,
            "group_id": group_id,
            "at": crash.at,
            "received_at": uow.now(),
        }
        uow.session.execute(insert_into(uow.kernel.db, Crash).values(row))


def listing(
    uow: UnitOfWork,
    actor: Actor,
    query: CrashQuery,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[CrashGroup]:
    """Return up to `limit + 1` groups the actor may read, the last one seen first."""
    guard.require(uow, actor, "mdm.crash.list", guard.FORCE)
    groups = select(CrashGroup).where(guard.visible(uow, actor, "mdm.crash.read", "CrashGroup"))
    if query.package:
        groups = groups.where(CrashGroup.package == query.package)
    if after is not None:
        at, id_ = after
        older = (CrashGroup.last_seen == at) & (CrashGroup.id < id_)
        groups = groups.where(or_(CrashGroup.last_seen < at, older))
    newest = groups.order_by(CrashGroup.last_seen.desc(), CrashGroup.id.desc())
    return uow.session.scalars(newest.limit(limit + 1)).all()


def read(uow: UnitOfWork, actor: Actor, group_id: UUID) -> CrashSight:
    """Return one group with its sample, or raise `CrashGroupNotFound`."""
    group = uow.session.get(CrashGroup, group_id)
    if group is None:
        raise CrashGroupNotFound
    guard.require(uow, actor, "mdm.crash.read", _target(uow, group))
    broke = select(func.count(Crash.device_id.distinct())).where(Crash.group_id == group_id)
    return CrashSight(group, uow.session.scalar(broke) or 0)


def crashed_terminals(
    uow: UnitOfWork,
    package: str,
    version_code: int,
    *,
    among: Select[Any],
    since: datetime,
) -> int:
    """Count the terminals, of those that `among` selects, on which a version crashed since then."""
    query = (
        select(func.count(Crash.device_id.distinct()))
        .join(CrashGroup, CrashGroup.id == Crash.group_id)
        .where(
            CrashGroup.package == package,
            CrashGroup.version_code == version_code,
            Crash.received_at >= since,
            Crash.device_id.in_(among),
        )
    )
    return uow.session.scalar(query) or 0


def groups_of(
    uow: UnitOfWork, package: str, reported: Collection[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], UUID]:
    """Return the group of each of these crashes of an app, by terminal and the terminal's own id.

    For neighbours who show what came with a crash; nothing here asks the guard.
    """
    if not reported:
        return {}
    query = (
        select(Crash.device_id, Crash.crash_id, Crash.group_id)
        .join(CrashGroup, CrashGroup.id == Crash.group_id)
        .where(
            CrashGroup.package == package,
            Crash.device_id.in_({device_id for device_id, _ in reported}),
            Crash.crash_id.in_({crash_id for _, crash_id in reported}),
        )
    )
    return {(row.device_id, row.crash_id): row.group_id for row in uow.session.execute(query)}


def counted(uow: UnitOfWork, package: str) -> dict[int, tuple[int, int]]:
    """Return by version code how many crashes of an app were told and at how many places."""
    query = (
        select(CrashGroup.version_code, func.sum(CrashGroup.count), func.count())
        .where(CrashGroup.package == package)
        .group_by(CrashGroup.version_code)
    )
    return {code: (int(told), places) for code, told, places in uow.session.execute(query)}


def _known(uow: UnitOfWork, device_id: UUID, crash_id: UUID) -> bool:
    known = select(Crash.id).where(Crash.device_id == device_id, Crash.crash_id == crash_id)
    return uow.session.scalar(known) is not None


def _counted_in(uow: UnitOfWork, crash: Reported, known: bool) -> UUID | None:
    """Make or raise the group of a crash that is new, in one statement; return its id."""
    if known:
        return None
    now = uow.now()
    row: dict[str, Any] = {
        "id": uuid7(),
        "package": crash.package,
        "version_code": crash.version_code,
        "version": crash.version,
        "fingerprint": fingerprint(crash.text),
        "unit_id": _owner(uow, crash.package),
        "title": title(crash.text),
        "sample": scrub(crash.text),
        "count": 1,
        "first_seen": now,
        "last_seen": now,
    }
    made = insert_into(uow.kernel.db, CrashGroup).values(row)
    again = {"count": CrashGroup.count + 1, "last_seen": now, "unit_id": row["unit_id"]}
    place = ["package", "version_code", "fingerprint"]
    statement = made.on_conflict_do_update(index_elements=place, set_=again)
    found: UUID = uow.session.execute(statement.returning(CrashGroup.id)).scalar_one()
    return found


def _owner(uow: UnitOfWork, package: str) -> UUID | None:
    store = uow.kernel.ports.all(APP_OWNERS).get("store")
    return None if store is None else store.unit_of(uow, package)


def _target(uow: UnitOfWork, group: CrashGroup) -> Target:
    owner = None if group.unit_id is None else uow.kernel.people.unit(group.unit_id).path
    return Target("CrashGroup", str(group.id), unit=owner)
