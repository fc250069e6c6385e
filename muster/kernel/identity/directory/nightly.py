"""The nightly directory file: good rows in, bad rows listed, many removals held for a person.

The file has the columns of `officers.csv` and is the whole truth about whom the directory knows:
who came by it and is missing from it has left. It gives the role `officer` and no other.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard, notices
from muster.kernel.errors import DomainError, Fault
from muster.kernel.identity import people_moves
from muster.kernel.identity.actor import system
from muster.kernel.identity.directory.models import DirectoryRun
from muster.kernel.identity.directory.removals import administrators, line_of, too_many
from muster.kernel.identity.errors import LastAdministrator
from muster.kernel.identity.events import OfficerSuspended
from muster.kernel.identity.models import Officer, Unit
from muster.kernel.identity.officer_row import COLUMNS, OPTIONAL, Draft, draft_of
from muster.kernel.identity.officers_import import refuse_twice
from muster.kernel.identity.people_bring import BY_DIRECTORY, bring, faults_of, held_of
from muster.kernel.identity.people_file import Report, Row, read
from muster.kernel.identity.recorded import by_system

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

TAKE_IN: Final = "identity.directory.take_in"
_BATCH: Final = 200


def look(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Take in the file of `MUSTER_DIRECTORY_FILE` if it changed since it was last taken in."""
    path = kernel.settings.directory_file
    if path is None or not path.is_file():
        return
    data = path.read_bytes()
    with kernel.reads() as uow:
        newest = select(DirectoryRun.digest).where(DirectoryRun.source == "directory")
        known = uow.session.scalar(newest.order_by(DirectoryRun.id.desc()).limit(1))
    if known != _digest(data):
        take_in(kernel, data)


def take_in(kernel: "Kernel", data: bytes) -> DirectoryRun:
    """Bring people to what the file says, and return the report that pages show."""
    rows, faults = read(data, COLUMNS, OPTIONAL)
    report = Report(faults=faults)
    whole = bool(rows) and not _misread(faults)
    if whole:
        refuse_twice(rows, report)
        _bring_all(kernel, rows, report)
    with kernel.writes() as uow:
        decision = guard.require(uow, system("directory"), TAKE_IN, guard.FORCE)
        run = DirectoryRun(
            source="directory",
            created_at=uow.now(),
            held=[],
            removed=0,
            state="done",
            digest=_digest(data),
            added=len(report.added),
            changed=len(report.changed),
            unchanged=report.unchanged,
            faults=[asdict(fault) for fault in report.shown],
        )
        if whole:
            _remove_missing(uow, run, rows, report.faults)
        uow.session.add(run)
        uow.session.flush()
        if run.faults or run.held:
            _tell(uow, run)
        counts = {name: getattr(run, name) for name in ("added", "changed", "removed", "unchanged")}
        decision.note(run=str(run.id), **counts, bad=len(report.faults), held=len(run.held))
        uow.session.refresh(run)
        uow.session.expunge(run)
    return run


def _misread(faults: Sequence[Fault]) -> bool:
    """Whether the file as a whole is wrong: its encoding, its heading, its size, its quotes."""
    words = ("not CSV", "UTF-8")
    return any(
        fault.pointer == "/" or _line(fault) == 1 or any(word in fault.detail for word in words)
        for fault in faults
    )


def _bring_all(kernel: "Kernel", rows: list[Row], report: Report) -> None:
    """Bring the good rows in, some hundred to a commit; a row with a fault is left alone."""
    zone, bad = kernel.settings.timezone, {_line(fault) for fault in report.faults}
    good = [row for row in rows if row.line not in bad]
    for at in range(0, len(good), _BATCH):
        with kernel.writes() as uow:
            units = {unit.code: unit.id for unit in uow.session.scalars(select(Unit))}
            found = [draft_of(row, units, zone, report.faults) for row in good[at : at + _BATCH]]
            drafts = [draft for draft in found if draft is not None]
            held = held_of(uow, [draft.number for draft in drafts])
            ids = [officer.id for officer in held.officers.values()]
            inside = administrators(uow, ids)
            for draft in drafts:
                officer = held.officers.get(draft.number)
                faults = faults_of(draft, held, BY_DIRECTORY)
                if officer is not None and officer.id in inside:
                    faults += _administrator(draft, officer)
                report.faults += faults
                if not faults:
                    done = bring(uow, draft, held, BY_DIRECTORY, source="directory")
                    report.count(draft.number, done)


def _administrator(draft: Draft, officer: Officer) -> list[Fault]:
    """The directory may not move or rename an administrator: it would decide whom they answer for."""
    same = (officer.unit_id, officer.sworn) == (draft.unit_id, draft.sworn)
    if same:
        return []
    detail = "This person administers; a security admin moves them at the console."
    return [draft.row.fault("unit", detail)]


def _remove_missing(
    uow: "UnitOfWork", run: DirectoryRun, rows: list[Row], faults: Sequence[Fault]
) -> None:
    """Let go whom the file no longer names; too many, or unclear rows, and all of them wait."""
    listed = {row.cells["number"] for row in rows}
    served = select(Officer).where(Officer.source == "directory", Officer.state != "left")
    known = uow.session.scalars(served).all()
    missing = [officer for officer in known if officer.number not in listed]
    unclear = any(_names_nobody(fault) for fault in faults)
    if missing and (unclear or too_many(uow.kernel.settings, len(missing), len(known))):
        hold(uow, run, missing)
        return
    inside = administrators(uow, [officer.id for officer in missing])
    hold(uow, run, [officer for officer in missing if officer.id in inside])
    for officer in missing:
        if officer.id not in inside:
            let_go(uow, officer, "nightly file")
            run.removed += 1


def hold(uow: "UnitOfWork", run: DirectoryRun, officers: Sequence[Officer]) -> None:
    """Keep removals for a security admin; an older list of the same source is out of date."""
    if not officers:
        return
    older = select(DirectoryRun).where(
        DirectoryRun.source == run.source, DirectoryRun.state == "held"
    )
    for row in uow.session.scalars(older):
        row.state = "superseded"
    run.held, run.state = [line_of(officer) for officer in officers], "held"


def let_go(uow: "UnitOfWork", officer: Officer, label: str) -> None:
    """Let one officer leave in the directory's name."""
    listed = people_moves.leave(uow, officer)
    uow.emit(OfficerSuspended(officer_id=officer.id))
    by_system(uow, label, "identity.officer.leave", officer, listed=listed)


def release_held(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Let the officers of a released run leave, some at a time; run twice it does no more."""
    with kernel.reads() as uow:
        run = uow.session.get_one(DirectoryRun, UUID(payload["run"]))
        ids = [UUID(line["id"]) for line in run.held]
    for at in range(0, len(ids), _BATCH // 10):
        with kernel.writes() as uow:
            for officer_id in ids[at : at + _BATCH // 10]:
                officer = uow.session.get_one(Officer, officer_id)
                if officer.state != "left":
                    _release_one(uow, officer)


def _release_one(uow: "UnitOfWork", officer: Officer) -> None:
    try:
        let_go(uow, officer, "directory")
    except LastAdministrator as error:
        _stays(uow, officer, error)


def _stays(uow: "UnitOfWork", officer: Officer, error: DomainError) -> None:
    by_system(uow, "directory", "identity.officer.stay", officer, reason=error.code)


def _names_nobody(fault: Fault) -> bool:
    """Whether a fault leaves open whom its row is about: removals then wait."""
    parts = fault.pointer.strip("/").split("/")
    return len(parts) < 2 or parts[1] == "number"


def _line(fault: Fault) -> int:
    text = fault.pointer.strip("/").split("/")[0]
    return int(text) if text.isdecimal() else 0


def _tell(uow: "UnitOfWork", run: DirectoryRun) -> None:
    notices.send(
        uow,
        "identity.directory.held" if run.held else "identity.directory.faults",
        role="security_admin",
        subject_key=str(run.id),
        params={"bad": len(run.faults), "held": len(run.held)},
        link="/console/leavers",
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
