"""Slots: what a record expects, what fills it, what must never."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.evidence.errors import AttachmentDiffers, AttachmentPending, AttachmentUnknown
from mobile_api.evidence.models import AttachmentSlot, HeldEvidence, QuarantinedEvidence
from muster.kernel.blobs import Blob
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import Upload

KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Expected:
    """A file a record names; hash (hex) and size in bytes where the record says them."""

    name: str
    sha256: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class Owner:
    """Whose record it is: instance, officer and terminal."""

    instance_id: UUID
    officer_id: UUID
    device_id: UUID | None


def expect(
    uow: UnitOfWork, version_id: UUID, owner: Owner, files: Sequence[Expected]
) -> list[AttachmentSlot]:
    """Open a slot for each file a new record names, filled at once by what came before it.

    Only what the same officer or the same terminal brought can fill it.
    """
    if not files:
        return []
    held = _held(uow, owner)
    slots = []
    for file in files:
        slot = AttachmentSlot(
            id=uuid7(),
            version_id=version_id,
            instance_id=owner.instance_id,
            name=file.name,
            officer_id=owner.officer_id,
            device_id=owner.device_id,
            sha256=file.sha256,
            size=file.size,
            state="missing",
        )
        fitting = [h for h in held if h.name == file.name and file.sha256 in (None, h.sha256)]
        if fitting:
            fill(uow, slot, fitting[0].sha256, fitting[0].blob_id)
            uow.session.delete(fitting[0])
        slots.append(slot)
    uow.session.add_all(slots)
    return slots


def slots_of(uow: UnitOfWork, version_id: UUID) -> list[AttachmentSlot]:
    """Return the slots of a record's version, in the order the record names them."""
    return list(
        uow.session.scalars(
            select(AttachmentSlot)
            .where(AttachmentSlot.version_id == version_id)
            .order_by(AttachmentSlot.id)
        )
    )


def content_of(uow: UnitOfWork, version_id: UUID, name: str) -> tuple[Blob, Iterator[bytes]]:
    """Return a stored file and its bytes; raises `AttachmentUnknown` or `AttachmentPending`."""
    slot = uow.session.scalar(
        select(AttachmentSlot).where(
            AttachmentSlot.version_id == version_id, AttachmentSlot.name == name
        )
    )
    if slot is None:
        raise AttachmentUnknown
    if slot.blob_id is None:
        raise AttachmentPending
    return uow.kernel.blobs.get(uow, slot.blob_id), uow.kernel.blobs.read_sealed(uow, slot.blob_id)


def fill(uow: UnitOfWork, slot: AttachmentSlot, sha256: str, blob_id: UUID) -> None:
    """Put a file in its slot, once."""
    slot.state, slot.sha256, slot.blob_id, slot.stored_at = "stored", sha256, blob_id, uow.now()


def take(uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob, owner: Owner) -> str:
    """Give a finished upload its place: stored, held until named, or kept once already.

    Raises `AttachmentDiffers` and leaves the file in quarantine if the slot is for another one.
    """
    name = upload.details["name"]
    slot = find(uow, owner.instance_id, name, lock=True)
    if slot is None:
        return _hold(uow, owner, name, blob)
    if slot.sha256 not in (None, blob.sha256):
        _quarantine(uow, owner, name, blob)
        raise AttachmentDiffers
    if slot.state == "stored":
        uow.kernel.blobs.erase(uow, blob.id)  # the very same content came twice
        return "stored before"
    fill(uow, slot, blob.sha256, blob.id)
    slot.size = blob.size
    return "stored"


def find(
    uow: UnitOfWork, instance_id: UUID, name: str, *, lock: bool = False
) -> AttachmentSlot | None:
    """Return the slot of a record's file, if the record is there and names it."""
    statement = select(AttachmentSlot).where(
        AttachmentSlot.instance_id == instance_id, AttachmentSlot.name == name
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return uow.session.scalar(statement)


def names(uow: UnitOfWork, instance_id: UUID) -> list[AttachmentSlot]:
    """Return all slots of an instance; none if it is not recorded or names no file."""
    return list(
        uow.session.scalars(select(AttachmentSlot).where(AttachmentSlot.instance_id == instance_id))
    )


def _held(uow: UnitOfWork, owner: Owner) -> list[HeldEvidence]:
    rows = uow.session.scalars(
        select(HeldEvidence)
        .where(HeldEvidence.instance_id == owner.instance_id)
        .order_by(HeldEvidence.id)
        .with_for_update()
    )
    return [
        row
        for row in rows
        if row.officer_id == owner.officer_id
        or (owner.device_id is not None and row.device_id == owner.device_id)
    ]


def _hold(uow: UnitOfWork, owner: Owner, name: str, blob: Blob) -> str:
    """First come, first kept: a second file under the name is refused like any other."""
    same = select(HeldEvidence).where(
        HeldEvidence.instance_id == owner.instance_id,
        HeldEvidence.name == name,
        HeldEvidence.officer_id == owner.officer_id,
        HeldEvidence.device_id == owner.device_id,
    )
    earlier = uow.session.scalar(same)
    if earlier is not None and earlier.sha256 != blob.sha256:
        _quarantine(uow, owner, name, blob)
        raise AttachmentDiffers
    if earlier is not None:
        uow.kernel.blobs.erase(uow, blob.id)
        return "held before"
    uow.session.add(
        HeldEvidence(
            id=uuid7(),
            instance_id=owner.instance_id,
            name=name,
            officer_id=owner.officer_id,
            device_id=owner.device_id,
            sha256=blob.sha256,
            blob_id=blob.id,
            held_until=uow.now() + KEPT,
        )
    )
    return "held"


def _quarantine(uow: UnitOfWork, owner: Owner, name: str, blob: Blob) -> None:
    """Keep a contradicting file once this unit is rolled back: its bytes are stored already."""
    kept = {column.key: getattr(blob, column.key) for column in Blob.__table__.columns}

    def keep(unit: UnitOfWork) -> None:
        known = select(QuarantinedEvidence.id).where(
            QuarantinedEvidence.instance_id == owner.instance_id,
            QuarantinedEvidence.name == name,
            QuarantinedEvidence.sha256 == kept["sha256"],
        )
        if unit.session.scalar(known) is not None:
            return
        unit.session.add(Blob(**kept))
        unit.session.flush()
        unit.session.add(
            QuarantinedEvidence(
                id=uuid7(),
                instance_id=owner.instance_id,
                name=name,
                officer_id=owner.officer_id,
                device_id=owner.device_id,
                sha256=kept["sha256"],
                blob_id=kept["id"],
                held_until=unit.now() + KEPT,
            )
        )

    uow.afterwards(keep)
