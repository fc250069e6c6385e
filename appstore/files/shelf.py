"""What somebody may fetch: an officer, on a terminal or at the console, or a terminal by itself.

Whether they belong to a file's audience is one SQL expression, for lists and for bytes alike; the
guard decides on it each time.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select

from appstore.files.counting import count
from appstore.files.errors import FileExpired, FileWithdrawn
from appstore.files.models import FileAssignment, FileVersion, StoreFile
from mdm.groups import GroupMember
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

SHELF = "/appstore/v1/shelf"
_GIVEN = ("current", "superseded", "expired", "withdrawn")


@dataclass(frozen=True)
class Item:
    """A version on somebody's shelf; `required` says that their terminal must have it."""

    file: StoreFile
    version: FileVersion
    member: bool = True
    required: bool = False

    @property
    def url(self) -> str:
        """Where a terminal fetches it."""
        return f"{SHELF}/{self.version.sha256}"

    @property
    def withdrawn(self) -> bool:
        """Whether somebody took it down."""
        return self.file.state != "open" or self.version.state == "withdrawn"

    def expired(self, now: datetime) -> bool:
        """Whether its time is over, also before the worker has noticed."""
        ends = self.version.expires_at
        return self.version.state == "expired" or (ends is not None and ends <= now)


def on_shelf(
    uow: UnitOfWork, actor: Actor, *, after: str | None = None, limit: int = 50
) -> list[Item]:
    """Return up to `limit + 1` current versions that are for whoever asks, by slug."""
    action = "app.shelf.list" if actor.person else "app.agent.list_files"
    guard.require(uow, actor, action, guard.FORCE)
    member, required = _member(uow, actor), _required(actor)
    query = (
        select(StoreFile, FileVersion, member, required)
        .join(FileVersion, FileVersion.file_id == StoreFile.id)
        .where(
            FileVersion.state == "current",
            or_(FileVersion.expires_at.is_(None), FileVersion.expires_at > uow.now()),
            StoreFile.state == "open",
            member,
        )
        .order_by(StoreFile.slug)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(StoreFile.slug > after)
    items = [Item(*row) for row in uow.session.execute(query)]
    return [item for item in items if guard.may(uow, actor, _download(actor), _target(item))]


def fetch(uow: UnitOfWork, actor: Actor, sha256: str, *, begins: bool) -> Item:
    """Let somebody have the bytes of a version; `begins` says that they do not go on with it.

    Raises `FileNotOnShelf` for what is not for them, whether it exists or not, `FileExpired`,
    `FileWithdrawn`.
    """
    query = (
        select(StoreFile, FileVersion, _member(uow, actor), _required(actor))
        .join(FileVersion, FileVersion.file_id == StoreFile.id)
        .where(FileVersion.sha256 == sha256, FileVersion.state.in_(_GIVEN))
        .order_by(FileVersion.id.desc())
    )
    now = uow.now()
    items = [Item(*row) for row in uow.session.execute(query)]
    items.sort(key=lambda one: (not one.member, one.withdrawn, one.expired(now)))
    item = items[0] if items else None
    named = _target(item) if item else Target("ShelfFile", sha256, _STRANGER)
    guard.require(uow, actor, _download(actor), named)
    assert item is not None  # nobody is a member of nothing: the guard has refused
    if item.withdrawn:
        raise FileWithdrawn
    if item.expired(now):
        raise FileExpired
    if begins:
        count(uow, actor, item.version)
    return item


_STRANGER = {"audience": "everyone", "member": False, "required": False}


def _download(actor: Actor) -> str:
    return "app.shelf.download" if actor.person else "app.agent.download_file"


def _target(item: Item) -> Target:
    attributes = {
        "audience": item.file.audience,
        "member": item.member,
        "required": item.required,
    }
    return Target("ShelfFile", item.version.sha256, attributes)


def _member(uow: UnitOfWork, actor: Actor) -> ColumnElement[bool]:
    """Return whether whoever asks belongs to a file's audience.

    A terminal by itself is of its unit and its groups, and a member of what it must have.
    """
    person, who = actor.person, actor.person or actor.device
    codes = who.unit_path.strip("/").split("/") if who else []
    units = [uow.kernel.people.by_code(code).id for code in codes]
    posts = person.posts if person else ()
    roles = sorted({post.role for post in posts if post.holds(uow.now())})
    group = StoreFile.audience_group_id.in_(_groups(actor.device.id)) if actor.device else false()
    return or_(
        StoreFile.audience == "everyone",
        and_(StoreFile.audience == "sworn", literal(bool(person and person.sworn))),
        and_(StoreFile.audience == "unit", StoreFile.audience_unit_id.in_(units)),
        and_(StoreFile.audience == "role", StoreFile.audience_role.in_(roles)),
        and_(StoreFile.audience == "group", group),
        _required(actor) if person is None else false(),
    )


def _required(actor: Actor) -> ColumnElement[bool]:
    if actor.device is None:
        return false()
    groups = FileAssignment.group_id.in_(_groups(actor.device.id))
    return StoreFile.id.in_(select(FileAssignment.file_id).where(groups))


def _groups(device_id: UUID) -> Select[UUID]:
    return select(GroupMember.group_id).where(GroupMember.device_id == device_id)
