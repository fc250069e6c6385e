"""What publishers and device admins do with files: list, look, make, describe, withdraw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from appstore.files import review
from appstore.files.aiming import aim
from appstore.files.counting import Fetched, fetched
from appstore.files.errors import FileSlugTaken, FileVersionState
from appstore.files.lookup import by_number, find, target
from appstore.files.models import FileVersion, StoreFile
from appstore.files.publishing import tell_terminals
from muster.kernel import approvals, guard
from muster.kernel.errors import StaleVersion
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

_SHOWN = 50
_OVER = ("rejected", "withdrawn")
_TEXTS = ("title", "title_zh", "description", "kind")


@dataclass(frozen=True)
class Listed:
    """A file and the version that is on the shelf, if there is one."""

    file: StoreFile
    current: FileVersion | None


@dataclass(frozen=True)
class Described:
    """A file, its newest versions (at most fifty) and, by version, who fetched them."""

    file: StoreFile
    versions: Sequence[FileVersion]
    fetched: Mapping[UUID, Fetched] = field(default_factory=dict)


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Return up to `limit + 1` files in the order of their slugs, beyond `after`."""
    guard.require(uow, actor, "app.file.read", guard.FORCE)
    current = and_(FileVersion.file_id == StoreFile.id, FileVersion.state == "current")
    query = (
        select(StoreFile, FileVersion)
        .outerjoin(FileVersion, current)
        .order_by(StoreFile.slug)
        .limit(limit + 1)
    )
    if kind is not None:
        query = query.where(StoreFile.kind == kind)
    if after is not None:
        query = query.where(StoreFile.slug > after)
    return [Listed(file, version) for file, version in uow.session.execute(query)]


def read(uow: UnitOfWork, actor: Actor, slug: str) -> Described:
    """Return one file with its versions, newest first."""
    guard.require(uow, actor, "app.file.read", guard.FORCE)
    file = find(uow, slug)
    query = select(FileVersion).where(FileVersion.file_id == file.id)
    versions = uow.session.scalars(query.order_by(FileVersion.number.desc()).limit(_SHOWN)).all()
    return Described(file, versions, fetched(uow, [version.id for version in versions]))


def create(uow: UnitOfWork, actor: Actor, *, slug: str, unit: str, **said: Any) -> StoreFile:
    """Make a file of the unit with the given code; its first version follows.

    `said`: title, title_zh, description, kind and what `aim` takes. Raises `FileSlugTaken`.
    """
    owner = uow.kernel.people.by_code(unit)
    file = StoreFile(id=uuid7(), slug=slug, unit_id=owner.id, created_by=actor.id)
    decision = guard.require(uow, actor, "app.file.create", target(uow, file)).note(file=slug)
    if uow.session.scalar(select(StoreFile.id).where(StoreFile.slug == slug)) is not None:
        raise FileSlugTaken
    _describe(uow, file, said)
    uow.session.add(file)
    uow.session.flush()
    decision.note(audience=file.audience, kind=file.kind)
    return file


def edit(
    uow: UnitOfWork, actor: Actor, slug: str, changes: Mapping[str, Any], version: int
) -> StoreFile:
    """Change what a file is called or whom it is for; `version` is the one read."""
    file = find(uow, slug)
    decision = guard.require(uow, actor, "app.file.edit", target(uow, file))
    if file.version != version:
        raise StaleVersion
    _describe(uow, file, changes)
    uow.session.flush()
    decision.note(file=slug, audience=file.audience, kind=file.kind)
    tell_terminals(uow, file.id)
    return file


def withdraw(uow: UnitOfWork, actor: Actor, slug: str, reason: str) -> StoreFile:
    """Take a file off every shelf for good, with all its versions."""
    file = find(uow, slug, lock=True)
    decision = guard.require(uow, actor, "app.file.withdraw", target(uow, file))
    decision.note(reason=reason, file=slug)
    if file.state != "open":
        raise FileVersionState("This file was withdrawn before.")
    file.state = "withdrawn"
    versions = select(FileVersion).where(
        FileVersion.file_id == file.id, FileVersion.state.not_in(_OVER)
    )
    for version in uow.session.scalars(versions):
        _take_down(uow, version)
    uow.session.flush()
    tell_terminals(uow, file.id)
    return file


def withdraw_version(
    uow: UnitOfWork, actor: Actor, slug: str, number: int, reason: str
) -> FileVersion:
    """Take one version off the shelf, or back while it waits; no older one takes its place."""
    file = find(uow, slug, lock=True)
    decision = guard.require(uow, actor, "app.file.withdraw", target(uow, file))
    decision.note(reason=reason, file=slug, number=number)
    version = by_number(uow, file, number)
    if version.state in _OVER:
        raise FileVersionState(f"This version is {version.state}.")
    _take_down(uow, version)
    uow.session.flush()
    tell_terminals(uow, file.id)
    return version


def _describe(uow: UnitOfWork, file: StoreFile, said: Mapping[str, Any]) -> None:
    for name in _TEXTS:
        if name in said:
            setattr(file, name, said[name])
    if "audience" in said:
        aim(uow, file, said)


def _take_down(uow: UnitOfWork, version: FileVersion) -> None:
    if version.state == "waiting":
        note = "The version was withdrawn."
        approvals.drop(uow, review.PUBLISH, str(version.id), note=note)
    if version.quarantine_id is not None:
        uow.kernel.blobs.erase(uow, version.quarantine_id)
        version.quarantine_id = None
    version.state = "withdrawn"
