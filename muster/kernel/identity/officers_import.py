"""Import of officers and their roles from `officers.csv`.

Columns: number, name, kind, unit, rank, roles, valid_from, valid_until. `roles` are separated by
`;`, each held at the officer's unit or, as `role@UNIT`, at another. The file is the whole truth
about whom it lists, and says nothing about whom it leaves out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from uuid import UUID

from sqlalchemy import delete, select

from muster.kernel import guard
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.events import OfficerChanged
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Officer, RoleGrant, Unit
from muster.kernel.identity.officer_row import COLUMNS, Draft, Grants, draft_of
from muster.kernel.identity.people_file import Report, Row, read
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

_BATCH = 500


@dataclass
class _Plan:
    """What the database holds of the listed officers, and what is to become of them."""

    held: dict[str, Officer]
    grants: dict[UUID, Grants]
    drafts: list[Draft] = field(default_factory=list)


def import_officers(
    uow: UnitOfWork,
    actor: Actor,
    data: bytes,
    *,
    dry_run: bool = False,
    zone: tzinfo = UTC,
    coming: Collection[str] = (),
) -> Report:
    """Bring the listed officers to what the file says; nobody is removed.

    Dates without a time are days in `zone`, the last one included. A dry run returns the report
    with its faults; otherwise one fault raises `PeopleFile` and nothing is changed. A new unit,
    kind or role raises the officer's epoch: sessions end, and the new rights hold at once.
    `coming` are codes of units that a dry run may take as given.
    """
    decision = guard.require(uow, actor, "identity.officers.import", guard.FORCE)
    rows, faults = read(data, COLUMNS)
    report = Report(faults=faults)
    units = {unit.code: unit.id for unit in uow.session.scalars(select(Unit))}
    units |= {code: uuid7() for code in coming if dry_run and code not in units}
    drafts = [draft_of(row, units, zone, report.faults) for row in rows]
    _refuse_twice(rows, report)
    plan = _plan(uow, [draft for draft in drafts if draft is not None])
    _refuse_own_roles(actor, plan, report)
    if not dry_run:
        report.raise_faults()
    for draft in plan.drafts:
        _bring(uow, plan, draft, report, dry_run=dry_run)
    decision.note(
        added=len(report.added),
        changed=len(report.changed),
        unchanged=report.unchanged,
        dry_run=dry_run,
    )
    return report


def _refuse_twice(rows: list[Row], report: Report) -> None:
    first: dict[str, int] = {}
    for row in rows:
        line = first.setdefault(row.cells["number"], row.line)
        if line != row.line:
            report.faults.append(row.fault("number", f"This number is on line {line} already."))


def _refuse_own_roles(actor: Actor, plan: _Plan, report: Report) -> None:
    """Whoever grants roles must not grant them to themselves."""
    for draft in plan.drafts:
        officer = plan.held.get(draft.number)
        if officer is None or officer.id != actor.id:
            continue
        if plan.grants.get(officer.id, {}) != draft.grants:
            detail = "Nobody changes their own roles. Ask another security admin."
            report.faults.append(draft.row.fault("roles", detail))


def _plan(uow: UnitOfWork, drafts: list[Draft]) -> _Plan:
    plan = _Plan({}, {}, drafts)
    for numbers in _batches([draft.number for draft in drafts]):
        found = uow.session.scalars(select(Officer).where(Officer.number.in_(numbers))).all()
        plan.held |= {officer.number: officer for officer in found}
        ids = [officer.id for officer in found]
        for grant in uow.session.scalars(select(RoleGrant).where(RoleGrant.officer_id.in_(ids))):
            mine = plan.grants.setdefault(grant.officer_id, {})
            mine[grant.role, grant.unit_id] = (grant.valid_from, grant.valid_until)
    return plan


def _batches(numbers: list[str]) -> Iterable[list[str]]:
    return (numbers[at : at + _BATCH] for at in range(0, len(numbers), _BATCH))


def _bring(uow: UnitOfWork, plan: _Plan, draft: Draft, report: Report, *, dry_run: bool) -> None:
    officer = plan.held.get(draft.number)
    if officer is None:
        report.added.append(draft.number)
        if not dry_run:
            _add(uow, draft)
        return
    moved = (officer.unit_id, officer.sworn) != (draft.unit_id, draft.sworn)
    regranted = plan.grants.get(officer.id, {}) != draft.grants
    if not (moved or regranted or (officer.name, officer.rank) != (draft.name, draft.rank)):
        report.unchanged += 1
        return
    report.changed.append(draft.number)
    if dry_run:
        return
    officer.name, officer.rank = draft.name, draft.rank
    officer.sworn, officer.unit_id = draft.sworn, draft.unit_id
    if regranted:
        uow.session.execute(delete(RoleGrant).where(RoleGrant.officer_id == officer.id))
        _grant(uow, officer.id, draft.grants)
    if moved or regranted:
        officer.epoch += 1
        look_again(uow, officer.id)
        uow.emit(OfficerChanged(officer_id=officer.id))


def _add(uow: UnitOfWork, draft: Draft) -> None:
    officer = Officer(
        id=uuid7(),
        number=draft.number,
        name=draft.name,
        sworn=draft.sworn,
        rank=draft.rank,
        unit_id=draft.unit_id,
    )
    uow.session.add(officer)
    uow.session.flush()
    _grant(uow, officer.id, draft.grants)
    uow.emit(OfficerChanged(officer_id=officer.id))


def _grant(uow: UnitOfWork, officer_id: UUID, grants: Grants) -> None:
    for (role, unit_id), (start, end) in grants.items():
        uow.session.add(
            RoleGrant(
                officer_id=officer_id,
                role=role,
                unit_id=unit_id,
                valid_from=start,
                valid_until=end,
            )
        )
