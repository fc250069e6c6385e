"""What people do with SIM cards: register, change, put into a thing and take out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from mdm.equipment import finding, serials
from mdm.equipment.models import Asset
from mdm.equipment.sims.errors import SimElsewhere, SimNotFound, SimOutOfUse, SimTaken
from mdm.equipment.sims.models import Sim, SimUse
from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput, StaleVersion
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Unit
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

STATES: Final = ("active", "suspended", "lost", "retired")
USABLE: Final = ("active", "suspended")


@dataclass(frozen=True)
class SimDetails:
    """What the book says of one card; `unit` is a unit's code."""

    iccid: str
    unit: str
    number: str = ""
    operator: str = ""
    state: str = "active"
    note: str = ""


@dataclass(frozen=True)
class Card:
    """A card with its unit and the thing it is in, if any."""

    sim: Sim
    unit: Unit
    asset: Asset | None = None

    @property
    def id(self) -> UUID:
        """The card's id."""
        return self.sim.id


@dataclass(frozen=True)
class SimQuery:
    """Filters of the list; `text` is part of ICCID or number, `unit` a code and all below it."""

    unit: str | None = None
    state: str | None = None
    text: str | None = None


_CARD = (
    select(Sim, Unit, Asset)
    .join(Unit, Unit.id == Sim.unit_id)
    .outerjoin(Asset, Asset.id == Sim.asset_id)
)


def listing(
    uow: UnitOfWork, actor: Actor, query: SimQuery, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Card]:
    """Return up to `limit + 1` cards the actor may read, newest first."""
    guard.require(uow, actor, "mdm.sim.list", guard.FORCE)
    statement = _CARD.where(guard.visible(uow, actor, "mdm.sim.read", "Sim"))
    if query.unit:
        statement = statement.where(Unit.path.contains(f"/{query.unit}/", autoescape=True))
    if query.state:
        statement = statement.where(Sim.state == query.state)
    if query.text:
        statement = statement.where(
            or_(
                Sim.iccid.contains(query.text, autoescape=True),
                Sim.number.contains(query.text, autoescape=True),
            )
        )
    if after is not None:
        statement = statement.where(Sim.id < after)
    rows = uow.session.execute(statement.order_by(Sim.id.desc()).limit(limit + 1))
    return [Card(*row) for row in rows]


def read(uow: UnitOfWork, actor: Actor, sim_id: UUID) -> Card:
    """Return one card."""
    card = _find(uow, sim_id)
    guard.require(uow, actor, "mdm.sim.read", target(uow, card.sim))
    return card


def uses(uow: UnitOfWork, actor: Actor, sim_id: UUID) -> list[tuple[SimUse, Asset]]:
    """Return what a card was in, the latest first."""
    read(uow, actor, sim_id)
    query = select(SimUse, Asset).join(Asset, Asset.id == SimUse.asset_id)
    rows = uow.session.execute(
        query.where(SimUse.sim_id == sim_id).order_by(SimUse.id.desc()).limit(200)
    )
    return [(use, asset) for use, asset in rows]


def within(uow: UnitOfWork, asset_id: UUID) -> Sequence[Sim]:
    """Return the cards in a thing; the caller asks the guard about the thing."""
    return uow.session.scalars(
        select(Sim).where(Sim.asset_id == asset_id).order_by(Sim.iccid)
    ).all()


def register(uow: UnitOfWork, actor: Actor, details: SimDetails) -> Card:
    """Put a new card into the book. Raises `SimTaken`, and `InvalidInput` for a wrong number."""
    wished = checked(details)
    unit = uow.kernel.people.by_code(wished.unit)
    sim = Sim(id=uuid7(), unit_id=unit.id)
    write(sim, wished)
    decision = guard.require(uow, actor, "mdm.sim.register", target(uow, sim))
    if uow.session.scalar(select(Sim.id).where(Sim.iccid == sim.iccid)) is not None:
        raise SimTaken
    uow.session.add(sim)
    uow.session.flush()
    decision.note(sim=str(sim.id))
    return _find(uow, sim.id)


def change(
    uow: UnitOfWork, actor: Actor, sim_id: UUID, version: int, wishes: dict[str, Any]
) -> Card:
    """Change number, operator, state or note of a card."""
    card = _find(uow, sim_id)
    decision = guard.require(uow, actor, "mdm.sim.change", target(uow, card.sim))
    if card.sim.version != version:
        raise StaleVersion
    write(card.sim, checked(replace(_details(card), **wishes)))
    decision.note(fields=sorted(wishes))
    uow.session.flush()
    return _find(uow, sim_id)


def place(uow: UnitOfWork, actor: Actor, sim_id: UUID, asset_id: UUID | None) -> Card:
    """Put a card into a thing, or take it out (None). A card is in one thing at most.

    Raises `SimElsewhere` and `SimOutOfUse`; the actor must be permitted to change the thing too.
    """
    card = _find(uow, sim_id, lock=True)
    decision = guard.require(uow, actor, "mdm.sim.change", target(uow, card.sim))
    if asset_id is not None:
        asset = finding.find(uow, asset_id)
        guard.require(uow, actor, "mdm.asset.change", finding.target(uow, asset))
    put(uow, card.sim, asset_id, by=actor.id)
    decision.note(sim=str(sim_id), asset=str(asset_id or ""))
    uow.session.flush()
    return _find(uow, sim_id)


def put(uow: UnitOfWork, sim: Sim, asset_id: UUID | None, *, by: UUID) -> None:
    """Write down where a card is from now on; nobody is asked here."""
    if sim.asset_id == asset_id:
        return
    if asset_id is not None and sim.asset_id is not None:
        raise SimElsewhere
    if asset_id is not None and sim.state not in USABLE:
        raise SimOutOfUse
    if asset_id is None:
        now = select(SimUse).where(SimUse.sim_id == sim.id, SimUse.until.is_(None))
        for use in uow.session.scalars(now):
            use.until, use.taken_by = uow.now(), by
    else:
        uow.session.add(SimUse(sim_id=sim.id, asset_id=asset_id, since=uow.now(), put_by=by))
    sim.asset_id = asset_id


def target(uow: UnitOfWork, sim: Sim) -> Target:
    """Return a card as the guard sees it."""
    return Target("Sim", str(sim.id), unit=uow.kernel.people.unit(sim.unit_id).path)


def write(sim: Sim, details: SimDetails) -> None:
    """Copy what was checked into the row; the unit is the caller's."""
    sim.iccid, sim.number, sim.operator = details.iccid, details.number, details.operator
    sim.state, sim.note = details.state, details.note


def checked(details: SimDetails) -> SimDetails:
    """Return the details as they are stored, or raise `InvalidInput` at the field."""
    for name, rule in (("iccid", serials.iccid), ("number", serials.number)):
        try:
            details = replace(details, **{name: rule(getattr(details, name))})
        except serials.NotPrinted as error:
            raise InvalidInput(errors=[Fault(f"/{name}", str(error))]) from error
    return details


def _find(uow: UnitOfWork, sim_id: UUID, *, lock: bool = False) -> Card:
    statement = _CARD.where(Sim.id == sim_id)
    if lock:
        statement = statement.with_for_update(of=Sim).execution_options(populate_existing=True)
    row = uow.session.execute(statement).first()
    if row is None:
        raise SimNotFound
    return Card(*row)


def _details(card: Card) -> SimDetails:
    sim = card.sim
    return SimDetails(sim.iccid, card.unit.code, sim.number, sim.operator, sim.state, sim.note)
