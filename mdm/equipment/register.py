"""The book of equipment as a list: what the actor may read, filtered, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from mdm.equipment.finding import Item
from mdm.equipment.models import Asset, Custody
from muster.kernel import guard
from muster.kernel.identity import Actor, Officer, Unit
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class AssetQuery:
    """Filters of the list; what is None does not filter.

    `unit` is a code and all below it, `holder` an officer's number, `text` a part of serial number,
    IMEI or model.
    """

    unit: str | None = None
    stage: str | None = None
    device_class: str | None = None
    holder: str | None = None
    text: str | None = None


def listing(
    uow: UnitOfWork,
    actor: Actor,
    query: AssetQuery | None = None,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Item]:
    """Return up to `limit + 1` things the actor may read, the newest entry first."""
    guard.require(uow, actor, "mdm.asset.list", guard.FORCE)
    return page_of(uow, actor, query or AssetQuery(), after=after, limit=limit)


def page_of(
    uow: UnitOfWork, actor: Actor, query: AssetQuery, *, after: UUID | None, limit: int
) -> Sequence[Item]:
    """Return the page; the caller has asked the guard for the listing itself."""
    pool = aliased(Unit)
    statement = (
        select(Asset, Unit, Custody, Officer, pool)
        .join(Unit, Unit.id == Asset.unit_id)
        .outerjoin(Custody, and_(Custody.asset_id == Asset.id, Custody.until.is_(None)))
        .outerjoin(Officer, Officer.id == Custody.officer_id)
        .outerjoin(pool, pool.id == Custody.pool_id)
        .where(guard.visible(uow, actor, "mdm.asset.read", "Asset"))
    )
    if query.unit:
        statement = statement.where(Unit.path.contains(f"/{query.unit}/", autoescape=True))
    if query.stage:
        statement = statement.where(Asset.stage == query.stage)
    if query.device_class:
        statement = statement.where(Asset.device_class == query.device_class)
    if query.holder:
        statement = statement.where(Officer.number == query.holder)
    if query.text:
        statement = statement.where(
            or_(
                Asset.serial.icontains(query.text, autoescape=True),
                Asset.imei.contains(query.text, autoescape=True),
                Asset.model.icontains(query.text, autoescape=True),
            )
        )
    if after is not None:
        statement = statement.where(Asset.id < after)
    rows = uow.session.execute(statement.order_by(Asset.id.desc()).limit(limit + 1))
    return [Item(*row) for row in rows]
