"""Files that the terminals of a group must have: begin, end, list."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from appstore.files.lookup import find, target
from appstore.files.models import FileAssignment, StoreFile
from appstore.files.publishing import tell_terminals
from mdm.configuration import refresh_later
from mdm.groups import Group, groups_in, members
from muster.kernel import guard
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def assigned(
    uow: UnitOfWork, actor: Actor, slug: str, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Group]:
    """Return up to `limit + 1` groups whose terminals must have a file, oldest group first."""
    guard.require(uow, actor, "app.file.read", guard.FORCE)
    query = (
        select(Group)
        .join(FileAssignment, FileAssignment.group_id == Group.id)
        .where(FileAssignment.file_id == find(uow, slug).id)
        .order_by(Group.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(Group.id > after)
    return uow.session.scalars(query).all()


def assign(uow: UnitOfWork, actor: Actor, slug: str, group_id: UUID, reason: str) -> Group:
    """Have every terminal of a group fetch a file and keep it; again is no fault."""
    file, group, decision = _require(uow, actor, slug, group_id)
    decision.note(reason=reason)
    if uow.session.get(FileAssignment, (group.id, file.id)) is None:
        uow.session.add(
            FileAssignment(
                group_id=group.id, file_id=file.id, assigned_by=actor.id, created_at=uow.now()
            )
        )
        uow.session.flush()
        decision.note(terminals=tell_terminals(uow, file.id))
    return group


def unassign(uow: UnitOfWork, actor: Actor, slug: str, group_id: UUID, reason: str) -> None:
    """Let the terminals of a group do without a file; they drop it."""
    file, group, decision = _require(uow, actor, slug, group_id)
    decision.note(reason=reason)
    row = uow.session.get(FileAssignment, (group.id, file.id))
    if row is not None:
        uow.session.delete(row)
        uow.session.flush()
        refresh_later(uow, members(uow, group.id))


def assignable(uow: UnitOfWork, actor: Actor, file: StoreFile, group: Group) -> bool:
    """Tell whether somebody may assign a file to a group, to offer or hide a button."""
    return guard.may(uow, actor, "app.file.assign", _target(uow, actor, file, group))


def _require(
    uow: UnitOfWork, actor: Actor, slug: str, group_id: UUID
) -> tuple[StoreFile, Group, Decision]:
    file, group = find(uow, slug, lock=True), groups_in(uow, [group_id])[0]
    wanted = _target(uow, actor, file, group)
    decision = guard.require(uow, actor, "app.file.assign", wanted)
    return file, group, decision.note(file=slug, group=str(group.id))


def _target(uow: UnitOfWork, actor: Actor, file: StoreFile, group: Group) -> Target:
    own = guard.may(uow, actor, "app.file.submit", target(uow, file))
    path = uow.kernel.people.unit(group.unit_id).path
    return Target("FileAssignment", f"{file.slug}:{group.id}", {"own": own}, path)
