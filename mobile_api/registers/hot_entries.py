"""The hot list in force as entries of the offline file that terminals carry."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.registers.lookup import sources
from mobile_api.registers.models import IdentRow, NameRow, WantedRecord
from muster.kernel.uow import UnitOfWork
from muster.ondevice.hotlist import Category, HotEntry
from muster.ondevice.subjects import Subject, SubjectKind

_BATCH: Final = 1000


def hot_entries(uow: UnitOfWork) -> Iterator[HotEntry]:
    """Yield every hot-list record in force that has not expired, in the order it was filed.

    Three statements per thousand records; nothing when no hot list was ever loaded. The version
    and its moment are `sources(uow, ["wanted"])["wanted"]`.
    """
    version = sources(uow, ["wanted"]).get("wanted")
    if version is None:
        return
    after: UUID | None = None
    while True:
        statement = (
            select(WantedRecord)
            .where(WantedRecord.import_id == version.id, WantedRecord.expires_at > uow.now())
            .order_by(WantedRecord.id)
            .limit(_BATCH)
        )
        if after is not None:
            statement = statement.where(WantedRecord.id > after)
        records = uow.session.scalars(statement).all()
        if not records:
            return
        subjects = _subjects(uow, [record.id for record in records])
        yield from (_entry(record, subjects[record.id]) for record in records)
        after = records[-1].id


def _entry(record: WantedRecord, subjects: Sequence[Subject]) -> HotEntry:
    return HotEntry(
        id=record.record_ref,
        subjects=tuple(subjects),
        category=Category(record.category),
        action=record.action_instruction,
        owner_agency=record.owner_agency,
        as_of=record.last_validated_at,
    )


def _subjects(uow: UnitOfWork, records: Sequence[UUID]) -> dict[UUID, list[Subject]]:
    subjects: dict[UUID, list[Subject]] = {record: [] for record in records}
    for ident in uow.session.scalars(select(IdentRow).where(IdentRow.record_id.in_(records))):
        subjects[ident.record_id].append(Subject(SubjectKind(ident.kind), ident.norm))
    for name in uow.session.scalars(select(NameRow).where(NameRow.record_id.in_(records))):
        form = f"{name.norm}|{name.born}" if name.born else name.norm
        subjects[name.record_id].append(Subject(SubjectKind.NAME, form))
    return subjects
