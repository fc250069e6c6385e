"""What people do with configuration: draft a layer, publish it, see what a terminal gets and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from mdm.configuration import desired
from mdm.configuration.effective import Effective
from mdm.configuration.errors import ConfigurationNotFound, NotADraft, ScopeInvalid
from mdm.configuration.layers import ORGANISATION
from mdm.configuration.models import Configuration
from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from mdm.devices.models import ManagedDevice
from mdm.groups.models import Group, GroupMember
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, Unit
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

_MOST_COUNTED = 1000


@dataclass(frozen=True)
class Sight:
    """What a terminal is to be, layer by layer, and what it said it applied."""

    terminal: Terminal
    effective: Effective

    @property
    def lagging(self) -> bool:
        """Whether the terminal still has to echo the current hash."""
        return self.terminal.managed.lagging


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    scope_kind: str | None = None,
    scope_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Configuration]:
    """Return up to `limit + 1` revisions, newest first."""
    guard.require(uow, actor, "mdm.configuration.list", guard.FORCE)
    query = select(Configuration).order_by(Configuration.id.desc()).limit(limit + 1)
    if scope_kind is not None:
        query = query.where(Configuration.scope_kind == scope_kind)
    if scope_id is not None:
        query = query.where(Configuration.scope_id == scope_id)
    if after is not None:
        query = query.where(Configuration.id < after)
    return uow.session.scalars(query).all()


def draft(
    uow: UnitOfWork,
    actor: Actor,
    *,
    scope_kind: str,
    scope_id: UUID | None,
    document: dict[str, Any],
) -> Configuration:
    """Keep a new revision of a layer as a draft. `document` has passed `ConfigurationDocument`."""
    scope = _scope_id(scope_kind, scope_id)
    row = Configuration(
        id=uuid7(),
        scope_kind=scope_kind,
        scope_id=scope,
        revision=_next_revision(uow, scope_kind, scope),
        document=document,
        created_by=actor.id,
    )
    guard.require(uow, actor, "mdm.configuration.write", _target(uow, row))
    uow.session.add(row)
    return row


def revise(
    uow: UnitOfWork, actor: Actor, configuration_id: UUID, document: dict[str, Any], version: int
) -> Configuration:
    """Replace the document of a draft; `version` is the one read."""
    row = _find(uow, configuration_id)
    guard.require(uow, actor, "mdm.configuration.write", _target(uow, row))
    if row.state != "draft":
        raise NotADraft
    if row.version != version:
        raise StaleVersion
    row.document = document
    uow.session.flush()
    return row


def publish(uow: UnitOfWork, actor: Actor, configuration_id: UUID) -> Configuration:
    """Put a draft into force for its scope; terminals below follow as fast as the worker compiles.

    One terminal's own layer is compiled at once.
    """
    row = _find(uow, configuration_id)
    decision = guard.require(uow, actor, "mdm.configuration.publish", _target(uow, row))
    if row.state != "draft":
        raise NotADraft
    for old in uow.session.scalars(
        select(Configuration).where(
            Configuration.scope_kind == row.scope_kind,
            Configuration.scope_id == row.scope_id,
            Configuration.state == "published",
        )
    ):
        old.state = "superseded"
    uow.session.flush()  # the unique index wants one published revision at every moment
    row.state, row.published_by, row.published_at = "published", actor.id, uow.now()
    uow.session.flush()
    concerned = uow.session.scalars(_concerned(uow, row)).all()
    if row.scope_kind in ("device", "incident"):
        desired.refresh(uow, concerned)
    else:
        desired.refresh_later(uow, concerned)
    decision.note(scope=row.scope_kind, revision=row.revision, terminals=len(concerned))
    return row


def read(uow: UnitOfWork, actor: Actor, configuration_id: UUID) -> Configuration:
    """Return one revision."""
    guard.require(uow, actor, "mdm.configuration.list", guard.FORCE)
    return _find(uow, configuration_id)


def in_force(uow: UnitOfWork, actor: Actor, row: Configuration) -> Configuration | None:
    """Return the published revision of a revision's layer, if there is one."""
    guard.require(uow, actor, "mdm.configuration.list", guard.FORCE)
    return uow.session.scalar(
        select(Configuration).where(
            Configuration.scope_kind == row.scope_kind,
            Configuration.scope_id == row.scope_id,
            Configuration.state == "published",
        )
    )


def concerned(
    uow: UnitOfWork, actor: Actor, row: Configuration, *, limit: int = 20
) -> tuple[int, Sequence[Terminal]]:
    """Count the terminals a layer speaks to, at most a thousand; name some that do not follow."""
    guard.require(uow, actor, "mdm.configuration.list", guard.FORCE)
    ids = _concerned(uow, row)
    count = uow.session.scalar(
        select(func.count()).select_from(ids.limit(_MOST_COUNTED).subquery())
    )
    behind = uow.session.scalars(
        select(ManagedDevice.id)
        .where(
            ManagedDevice.id.in_(ids.order_by(None)),
            ManagedDevice.applied_hash != ManagedDevice.desired_hash,
        )
        .order_by(ManagedDevice.desired_at)
        .limit(limit)
    )
    return count or 0, [fleet.find(uow, device_id) for device_id in behind.all()]


def may_publish(uow: UnitOfWork, actor: Actor, row: Configuration) -> bool:
    """Tell whether the actor might publish a draft, to offer or hide a button."""
    return guard.may(uow, actor, "mdm.configuration.publish", _target(uow, row))


def title(uow: UnitOfWork, row: Configuration) -> str:
    """Return the name of what a layer governs: a unit, a group, a terminal, or '' for the force."""
    named: dict[str, Select[str]] = {
        "unit": select(Unit.name).where(Unit.id == row.scope_id),
        "group": select(Group.name).where(Group.id == row.scope_id),
    }
    device = select(Device.label).where(Device.id == row.scope_id)
    if row.scope_kind == "organisation":
        return ""
    return uow.session.scalar(named.get(row.scope_kind, device)) or ""


def sight(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Sight:
    """Return what a terminal is to be and which layer says so."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    return Sight(terminal, desired.effective(uow, device_id))


def _find(uow: UnitOfWork, configuration_id: UUID) -> Configuration:
    row = uow.session.get(Configuration, configuration_id)
    if row is None:
        raise ConfigurationNotFound
    return row


def _scope_id(kind: str, scope_id: UUID | None) -> UUID:
    if (kind == "organisation") is not (scope_id is None):
        raise ScopeInvalid
    return scope_id or ORGANISATION


def _next_revision(uow: UnitOfWork, kind: str, scope_id: UUID) -> int:
    last = uow.session.scalar(
        select(func.max(Configuration.revision)).where(
            Configuration.scope_kind == kind, Configuration.scope_id == scope_id
        )
    )
    return (last or 0) + 1


def _target(uow: UnitOfWork, row: Configuration) -> Target:
    return Target("Configuration", str(row.id), {"scope": row.scope_kind}, unit=_owner(uow, row))


def _owner(uow: UnitOfWork, row: Configuration) -> str:
    """Return the path of the unit whose admins keep this layer; the organisation's is the root."""
    owners: dict[str, Select[str]] = {
        "organisation": select(Unit.path).where(Unit.parent_id.is_(None)).order_by(Unit.id),
        "unit": select(Unit.path).where(Unit.id == row.scope_id),
        "group": select(Unit.path)
        .join(Group, Group.unit_id == Unit.id)
        .where(Group.id == row.scope_id),
        "device": select(Unit.path)
        .join(Device, Device.unit_id == Unit.id)
        .where(Device.id == row.scope_id),
    }
    kind = "device" if row.scope_kind == "incident" else row.scope_kind
    path = uow.session.scalars(owners[kind].limit(1)).first()
    if path is None:
        raise ScopeInvalid
    return path


def _concerned(uow: UnitOfWork, row: Configuration) -> Select[UUID]:
    served = select(Device.id).where(Device.state.in_(("enrolled", "lost"))).order_by(Device.id)
    if row.scope_kind == "unit":
        path = uow.kernel.people.unit(row.scope_id).path
        below = select(Unit.id).where(Unit.path.startswith(path, autoescape=True))
        return served.where(Device.unit_id.in_(below))
    if row.scope_kind == "group":
        members = select(GroupMember.device_id).where(GroupMember.group_id == row.scope_id)
        return served.where(Device.id.in_(members))
    if row.scope_kind in ("device", "incident"):
        return served.where(Device.id == row.scope_id)
    return served
