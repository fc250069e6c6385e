"""The revisions of one layer: which is in force, which number comes next, how one gives way."""

from uuid import UUID

from sqlalchemy import Select, func, select

from mdm.configuration.errors import ConfigurationNotFound
from mdm.configuration.models import Configuration
from muster.kernel.uow import UnitOfWork


def find(uow: UnitOfWork, configuration_id: UUID, *, lock: bool = False) -> Configuration:
    """Return one revision or raise `ConfigurationNotFound`; nothing is decided here."""
    row = uow.session.get(Configuration, configuration_id, with_for_update=lock or None)
    if row is None:
        raise ConfigurationNotFound
    return row


def in_force(kind: str, scope_id: UUID) -> Select[Configuration]:
    """Select the published revision of a layer."""
    return select(Configuration).where(
        Configuration.scope_kind == kind,
        Configuration.scope_id == scope_id,
        Configuration.state == "published",
    )


def next_revision(uow: UnitOfWork, kind: str, scope_id: UUID) -> int:
    """Return the number that the next revision of a layer bears."""
    last = uow.session.scalar(
        select(func.max(Configuration.revision)).where(
            Configuration.scope_kind == kind, Configuration.scope_id == scope_id
        )
    )
    return (last or 0) + 1


def supersede(uow: UnitOfWork, kind: str, scope_id: UUID) -> Configuration | None:
    """Take the published revision of a layer out of force, locked, and return it."""
    row = uow.session.scalar(in_force(kind, scope_id).with_for_update())
    if row is not None:
        row.state = "superseded"
        uow.session.flush()  # the unique index wants one published revision at every moment
    return row


def before(uow: UnitOfWork, row: Configuration) -> Configuration | None:
    """Return the revision whose document held before this one's; roll-backs are looked through."""
    origin = row.revision if row.restores is None else row.restores
    query = (
        select(Configuration)
        .where(
            Configuration.scope_kind == row.scope_kind,
            Configuration.scope_id == row.scope_id,
            Configuration.state == "superseded",
            Configuration.restores.is_(None),
            Configuration.revision < origin,
        )
        .order_by(Configuration.revision.desc())
    )
    return uow.session.scalars(query.limit(1)).first()
