"""Finding files, and naming them to the guard; nothing is decided here."""

from uuid import UUID

from sqlalchemy import select

from appstore.files.errors import StoreFileNotFound
from appstore.files.models import FileVersion, StoreFile
from muster.kernel.guard import Target
from muster.kernel.uow import UnitOfWork


def find(uow: UnitOfWork, slug: str, *, lock: bool = False) -> StoreFile:
    """Return one file or raise `StoreFileNotFound`; `lock` makes others who change it wait."""
    query = select(StoreFile).where(StoreFile.slug == slug)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    file = uow.session.scalar(query)
    if file is None:
        raise StoreFileNotFound
    return file


def find_version(
    uow: UnitOfWork, version_id: UUID, *, lock: bool = False
) -> tuple[StoreFile, FileVersion]:
    """Return a version with its file, the file locked if asked; raises `StoreFileNotFound`."""
    query = (
        select(StoreFile, FileVersion)
        .join(FileVersion, FileVersion.file_id == StoreFile.id)
        .where(FileVersion.id == version_id)
    )
    if lock:
        query = query.with_for_update(of=StoreFile).execution_options(populate_existing=True)
    row = uow.session.execute(query).first()
    if row is None:
        raise StoreFileNotFound
    return row[0], row[1]


def by_number(uow: UnitOfWork, file: StoreFile, number: int) -> FileVersion:
    """Return one version of a file or raise `StoreFileNotFound`."""
    query = select(FileVersion).where(FileVersion.file_id == file.id, FileVersion.number == number)
    version = uow.session.scalar(query)
    if version is None:
        raise StoreFileNotFound
    return version


def target(uow: UnitOfWork, file: StoreFile, id_: str = "") -> Target:
    """Return a file, or the version of an id, as the guard sees it."""
    path = uow.kernel.people.unit(file.unit_id).path
    return Target("StoreFile", id_ or str(file.id), unit=path)


def link(file: StoreFile) -> str:
    """Return the console's page of a file."""
    return f"/console/files/{file.slug}"
