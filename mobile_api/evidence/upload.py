"""Files of records as an upload target: `Upload-Metadata: target, instance_id, name, sha256`."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from mobile_api.evidence import slots
from mobile_api.evidence.errors import AttachmentDiffers, AttachmentNotNamed, AttachmentUnnamed
from mobile_api.evidence.models import AttachmentSlot
from mobile_api.evidence.slots import Owner
from muster.kernel import guard
from muster.kernel.blobs import Blob
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import Upload, UploadTarget

TARGET_NAME: Final = "submission_attachment"
MAX_BYTES: Final = 50 * 1024 * 1024


def allow(uow: UnitOfWork, actor: Actor, metadata: Mapping[str, str]) -> None:
    """Let an officer bring a file of their own record, or of one made on this very terminal.

    Raises `AttachmentUnnamed`, `AttachmentNotNamed`, and `AttachmentDiffers` for a hash that
    cannot fit, before a byte is sent.
    """
    instance_id, name = _named(metadata)
    slot, _ = _decide(uow, actor, instance_id, name)
    given = metadata.get("sha256", "").lower()
    if slot is not None and slot.sha256 and given and given != slot.sha256:
        raise AttachmentDiffers


def accept(uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob) -> None:
    """Put the finished file where it belongs, deciding again: hours may have passed."""
    instance_id, name = _named(upload.details)
    _, decision = _decide(uow, actor, instance_id, name)
    outcome = slots.take(uow, actor, upload, blob, _owner(actor, instance_id))
    decision.note(upload=str(upload.id), blob=str(blob.id), sha256=blob.sha256, outcome=outcome)


def _decide(
    uow: UnitOfWork, actor: Actor, instance_id: UUID, name: str
) -> tuple[AttachmentSlot | None, Decision]:
    known = slots.names(uow, instance_id)
    target = Target("Evidence", str(instance_id), {"own": all(_mine(actor, s) for s in known)})
    decision = guard.require(uow, actor, "field.evidence.add", target)
    slot = next((one for one in known if one.name == name), None)
    if known and slot is None:
        raise AttachmentNotNamed
    return slot, decision


def _mine(actor: Actor, slot: AttachmentSlot) -> bool:
    """Whoever is signed in may carry up what this terminal made; it stays its author's."""
    on_terminal = actor.device is not None and slot.device_id == actor.device.id
    return slot.officer_id == actor.id or on_terminal


def _owner(actor: Actor, instance_id: UUID) -> Owner:
    return Owner(instance_id, actor.id, actor.device.id if actor.device else None)


def _named(metadata: Mapping[str, str]) -> tuple[UUID, str]:
    name = metadata.get("name", "")
    try:
        instance_id = UUID(metadata.get("instance_id", ""))
    except ValueError as error:
        raise AttachmentUnnamed from error
    if not 1 <= len(name) <= 200 or "\x00" in name:
        raise AttachmentUnnamed
    return instance_id, name


TARGET: Final = UploadTarget(
    name=TARGET_NAME, sealed=True, max_bytes=MAX_BYTES, allow=allow, accept=accept
)
