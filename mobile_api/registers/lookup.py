"""What the local registers hold on a subject: two statements, whatever the number of subjects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from mobile_api.imports import ImportVersion, current
from mobile_api.registers.models import (
    IdentRow,
    NameRow,
    PersonRecord,
    VehicleRecord,
    WantedRecord,
)
from muster.kernel.uow import UnitOfWork
from muster.ondevice.signals import Basis
from muster.ondevice.subjects import Normalised, Subject, SubjectKind

_MOST: Final = 100  # rows read for one question: a common name must not list the city
_FULL_DATE: Final = len("1978-03-04")
Record = WantedRecord | PersonRecord | VehicleRecord
Sources = dict[str, ImportVersion]


@dataclass(frozen=True)
class Found:
    """One record that fits a subject: `form` is the record's own identifier or name that does.

    `source` is the register's kind.
    """

    subject: Normalised
    source: str
    record: Record
    basis: Basis
    form: str

    @property
    def action(self) -> str:
        """What the record asks officers to do; registers that only know ask nothing."""
        return self.record.action_instruction if isinstance(self.record, WantedRecord) else ""


def sources(uow: UnitOfWork, kinds: Iterable[str]) -> Sources:
    """Return the registers in force among `kinds`; one never loaded is absent (one statement)."""
    return current(uow, list(kinds))


def look_up(
    uow: UnitOfWork, registers: Sources, readings: Sequence[Normalised], now: datetime
) -> list[Found]:
    """Return what fits any of the subjects; hot-list records that have expired fit nothing."""
    versions = {version.id: kind for kind, version in registers.items()}
    named = [r for r in readings if r.subject.kind is SubjectKind.NAME]
    others = [r for r in readings if r.subject.kind is not SubjectKind.NAME]
    found = []
    if versions and others:
        found += _by_identifier(uow, versions, others)
    if versions and named:
        found += _by_name(uow, versions, named)
    return _firmest([one for one in found if _tells(one, now)])


def _tells(found: Found, now: datetime) -> bool:
    """Leads come from the hot list only: a register never names somebody who merely resembles."""
    if isinstance(found.record, WantedRecord):
        return found.record.expires_at > now
    return found.basis is not Basis.POSSIBLE


def _firmest(found: Sequence[Found]) -> list[Found]:
    """A record that fits a subject by several names or identifiers is one finding."""
    order = list(Basis)
    best: dict[tuple[UUID, Subject], Found] = {}
    for one in found:
        key = (one.record.id, one.subject.subject)
        if key not in best or order.index(one.basis) < order.index(best[key].basis):
            best[key] = one
    return list(best.values())


def _by_identifier(
    uow: UnitOfWork, versions: dict[UUID, str], readings: Sequence[Normalised]
) -> list[Found]:
    asked = [and_(IdentRow.kind == r.subject.kind, IdentRow.folded == r.folded) for r in readings]
    found = []
    for row, *records in _rows(uow, IdentRow, versions, asked):
        for reading in readings:
            subject = reading.subject
            if (row.kind, row.folded) == (subject.kind, reading.folded):
                exact = row.norm == subject.normal_form
                basis = _exact_basis(subject.kind) if exact else Basis.POSSIBLE
                found.append(
                    Found(reading, versions[row.import_id], _one(records), basis, row.norm)
                )
    return found


def _by_name(
    uow: UnitOfWork, versions: dict[UUID, str], readings: Sequence[Normalised]
) -> list[Found]:
    asked = [_name_condition(*reading.folded.partition("|")[::2]) for reading in readings]
    found = []
    for row, *records in _rows(uow, NameRow, versions, asked):
        for reading in readings:
            folded, _, born = reading.folded.partition("|")
            if row.folded == folded and (not born or row.born in ("", born)):
                form = f"{row.norm}|{row.born}" if row.born else row.norm
                strong = form == reading.subject.normal_form and len(born) == _FULL_DATE
                basis = Basis.STRONG if strong else Basis.POSSIBLE
                found.append(Found(reading, versions[row.import_id], _one(records), basis, form))
    return found


def _name_condition(folded: str, born: str) -> ColumnElement[bool]:
    if not born:
        return NameRow.folded == folded
    return and_(NameRow.folded == folded, NameRow.born.in_(("", born)))


def _rows(
    uow: UnitOfWork,
    model: type[IdentRow] | type[NameRow],
    versions: dict[UUID, str],
    asked: Sequence[ColumnElement[bool]],
) -> Iterable[Any]:
    """Read matching rows with their record, the hot list's first."""
    statement = (
        select(model, WantedRecord, PersonRecord, VehicleRecord)
        .outerjoin(WantedRecord, WantedRecord.id == model.record_id)
        .outerjoin(PersonRecord, PersonRecord.id == model.record_id)
        .outerjoin(VehicleRecord, VehicleRecord.id == model.record_id)
        .where(or_(*asked), model.import_id.in_(versions))
        .order_by(WantedRecord.id.is_(None), model.id)
        .limit(_MOST)
    )
    return uow.session.execute(statement).all()


def _exact_basis(kind: SubjectKind) -> Basis:
    """Makers reuse serial numbers, so an equal one is strong and not exact."""
    return Basis.STRONG if kind is SubjectKind.SERIAL else Basis.EXACT_ID


def _one(records: Sequence[Record | None]) -> Record:
    return next(record for record in records if record is not None)
