"""Take a file: read it whole, refuse it with line numbers, or write it and switch one pointer."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.imports.errors import ImportFile, ImportKindUnknown, ImportOvertaken
from mobile_api.imports.events import ImportInForce
from mobile_api.imports.models import ImportPointer, ImportVersion
from mobile_api.imports.ports import IMPORTERS, Importer, Reading
from muster.kernel import guard
from muster.kernel.errors import Fault
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

SHOWN: Final = 500
"""Faults listed in one answer; a file with more has one cause."""


@dataclass
class Report:
    """What an import did, or would do."""

    kind: str
    rows: int
    dry_run: bool
    sha256: str
    import_id: UUID | None = None
    faults: list[Fault] = field(default_factory=list)


def run(uow: UnitOfWork, actor: Actor, kind: str, data: bytes, *, dry_run: bool = False) -> Report:
    """Take a file of a kind; a dry run only says what is wrong with it.

    Give a unit of work that reads: the file is written in short units of its own. Raises
    `ImportKindUnknown`, `ImportFile` with the faults by line, `ImportOvertaken`.
    """
    importer = uow.kernel.ports.all(IMPORTERS).get(kind)
    if importer is None:
        known = ", ".join(uow.kernel.ports.all(IMPORTERS))
        raise ImportKindUnknown(f"There is no file called {kind!r}. There are {known}.")
    decision = guard.require(uow, actor, "field.import.run", Target("Import", kind, {"kind": kind}))
    with uow.kernel.reads() as unit:
        reading = importer.read(unit, data)
    report = Report(kind, len(reading.rows), dry_run, hashlib.sha256(data).hexdigest())
    report.faults = _shown(reading.faults)
    decision.note(rows=report.rows, faults=len(reading.faults), dry_run=dry_run)
    if reading.faults and not dry_run:
        raise ImportFile(errors=report.faults)
    if not dry_run:
        report.import_id = _load(uow, actor, importer, reading, report.sha256)
        decision.note(version=str(report.import_id))
    return report


def current(uow: UnitOfWork, kinds: Sequence[str]) -> dict[str, ImportVersion]:
    """Return the versions in force by kind; a kind that was never loaded is absent."""
    rows = uow.session.scalars(
        select(ImportVersion)
        .join(ImportPointer, ImportPointer.import_id == ImportVersion.id)
        .where(ImportPointer.kind.in_(kinds))
    )
    return {row.kind: row for row in rows}


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None, limit: int
) -> list[ImportVersion]:
    """Return up to `limit + 1` imports, newest first, beyond `after`."""
    guard.require(uow, actor, "field.import.list", guard.FORCE)
    statement = select(ImportVersion).order_by(ImportVersion.id.desc())
    if after is not None:
        statement = statement.where(ImportVersion.id < after)
    return list(uow.session.scalars(statement.limit(limit + 1)))


def _load(uow: UnitOfWork, actor: Actor, importer: Importer, reading: Reading, sha256: str) -> UUID:
    kernel, version_id = uow.kernel, uuid7()
    with kernel.writes() as unit:
        version = ImportVersion(
            id=version_id,
            kind=importer.kind,
            sha256=sha256,
            rows=len(reading.rows),
            by=actor.label,
            created_at=unit.now(),
        )
        unit.session.add(version)
    for batch in _batches(reading.rows, importer.batch):
        with kernel.writes() as unit:
            importer.write(unit, version, batch)
    with kernel.writes() as unit:
        if importer.batch is None:
            importer.write(unit, version, reading.rows)
        _switch(unit, importer.kind, version_id)
    return version_id


def _batches(rows: Sequence[object], size: int | None) -> Sequence[Sequence[object]]:
    return [rows[at : at + size] for at in range(0, len(rows), size)] if size else []


def _switch(uow: UnitOfWork, kind: str, version_id: UUID) -> None:
    """Put a version in force. Ids rise with time, so a file never replaces a later one."""
    version = uow.session.get_one(ImportVersion, version_id)
    pointer = uow.session.get(ImportPointer, kind, with_for_update=True)
    if pointer is None:
        uow.session.add(ImportPointer(kind=kind, import_id=version_id))
    elif pointer.import_id > version_id:
        raise ImportOvertaken
    else:
        uow.session.get_one(ImportVersion, pointer.import_id).state = "superseded"
        pointer.import_id = version_id
    version.state, version.current_at = "current", uow.now()
    uow.emit(ImportInForce(kind=kind, import_id=version_id))


def _shown(faults: Sequence[Fault]) -> list[Fault]:
    more = len(faults) - SHOWN
    tail = [Fault("/", f"{more} more faults are not listed.")] if more > 0 else []
    return [*faults[:SHOWN], *tail]
