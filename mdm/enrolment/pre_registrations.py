"""Keeping the list that decides where terminals go before they are out of their box."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from mdm.enrolment.errors import PreRegistrationNotFound
from mdm.enrolment.models import PreRegistration
from mdm.enrolment.pre_registration_file import Draft, Taken, drafts
from muster.kernel import guard
from muster.kernel.errors import Fault
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Imported:
    """What became of a file: rows added, changed and as they were; the faults of the others."""

    added: int
    changed: int
    unchanged: int
    faults: Sequence[Fault]


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[PreRegistration]:
    """Return up to `limit + 1` pre-registrations of the actor's units, newest first."""
    guard.require(uow, actor, "mdm.pre_registration.list", guard.FORCE)
    query = select(PreRegistration).where(
        guard.visible(uow, actor, "mdm.pre_registration.read", "PreRegistration")
    )
    if after is not None:
        query = query.where(PreRegistration.id < after)
    return uow.session.scalars(query.order_by(PreRegistration.id.desc()).limit(limit + 1)).all()


def take_in(uow: UnitOfWork, actor: Actor, data: bytes, *, dry_run: bool = False) -> Imported:
    """Take the good rows of a CSV file and list the faults of the bad ones.

    A row goes to a unit of the actor's, and a number that another unit has pre-registered stays
    theirs. A dry run changes nothing.
    """
    decision = guard.require(uow, actor, "mdm.pre_registration.import", guard.FORCE)
    file = drafts(uow, data)
    done = Counter(_put(uow, actor, draft, file, dry_run=dry_run) for draft in file.good)
    imported = Imported(done["added"], done["changed"], done["unchanged"], file.shown)
    decision.note(
        added=imported.added,
        changed=imported.changed,
        unchanged=imported.unchanged,
        faults=len(file.faults),
        dry_run=dry_run,
    )
    return imported


def remove(uow: UnitOfWork, actor: Actor, registration_id: UUID) -> None:
    """Forget a pre-registration; a terminal that came in by it stays where it is."""
    row = uow.session.get(PreRegistration, registration_id)
    if row is None:
        raise PreRegistrationNotFound
    decision = guard.require(uow, actor, "mdm.pre_registration.remove", target(uow, row))
    decision.note(serial=row.serial or "", imei=row.imei or "")
    uow.session.delete(row)


def target(uow: UnitOfWork, row: PreRegistration) -> Target:
    """Return a pre-registration as the guard sees it."""
    return Target("PreRegistration", str(row.id), unit=uow.kernel.people.unit(row.unit_id).path)


def _put(uow: UnitOfWork, actor: Actor, draft: Draft, file: Taken, *, dry_run: bool) -> str:
    """Write one row; return what became of it, '' if it is not the actor's to write."""
    row = file.known(draft)
    fresh = row is None
    if row is None:
        row = PreRegistration(id=uuid7(), unit_id=draft.values["unit_id"])
    elif not guard.may(uow, actor, "mdm.pre_registration.write", target(uow, row)):
        file.fault(draft, "serial", "Another unit has this number. Ask its device admin.")
        return ""
    wanted = uow.kernel.people.unit(draft.values["unit_id"])
    there = Target("PreRegistration", str(row.id), unit=wanted.path)
    if not guard.may(uow, actor, "mdm.pre_registration.write", there):
        file.fault(draft, "unit", f"You keep no terminals of {wanted.code}.")
        return ""
    changed = fresh or any(getattr(row, key) != value for key, value in draft.values.items())
    if not dry_run and changed:
        for key, value in draft.values.items():
            setattr(row, key, value)
        uow.session.add(row)
    return "added" if fresh else "changed" if changed else "unchanged"
