"""A version becomes the current one, or ceases to be; terminals that must have the file follow."""

from uuid import UUID

from sqlalchemy import select

from appstore.files.models import FileAssignment, FileVersion, StoreFile
from mdm.configuration import refresh_later
from mdm.groups import GroupMember
from muster.kernel.uow import UnitOfWork


def make_current(uow: UnitOfWork, file: StoreFile, version: FileVersion) -> None:
    """Put a version on the shelf in place of the one before; the caller has locked the file.

    One that a higher number has overtaken while it waited is superseded from the start.
    """
    older = select(FileVersion).where(
        FileVersion.file_id == file.id, FileVersion.state == "current"
    )
    version.state = "current"
    for other in uow.session.scalars(older):
        if other.number > version.number:
            version.state = "superseded"
        elif other is not version:
            other.state = "superseded"
    uow.session.flush()
    tell_terminals(uow, file.id)


def tell_terminals(uow: UnitOfWork, file_id: UUID) -> int:
    """Have every terminal that must have a file compiled anew; return how many that are."""
    members = (
        select(GroupMember.device_id)
        .join(FileAssignment, FileAssignment.group_id == GroupMember.group_id)
        .where(FileAssignment.file_id == file_id)
        .distinct()
        .order_by(GroupMember.device_id)
    )
    device_ids = uow.session.scalars(members).all()
    refresh_later(uow, device_ids)
    return len(device_ids)
