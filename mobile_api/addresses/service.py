"""Use cases: find an address by what was typed, by its code, or by a position."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from mobile_api.addresses.errors import AddressBookMissing, AddressUnknown
from mobile_api.addresses.models import AddressBookRow
from mobile_api.addresses.shelf import SHELF
from mobile_api.places import Place
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.ondevice.addresses import Address, AddressBook, AddressHit


@dataclass(frozen=True)
class Hits:
    """Addresses found, the best first; `position` is what they were measured from, if anything."""

    hits: Sequence[AddressHit]
    position: Place | None
    version: UUID


def search(uow: UnitOfWork, actor: Actor, q: str, *, near: Place | None, limit: int) -> Hits:
    """Return the addresses most likely meant by what was typed so far (one statement).

    Raises `AddressBookMissing` before the first import.
    """
    decision = guard.require(uow, actor, "field.address.search", guard.FORCE)
    version, book = _open(uow)
    hits = book.search(q, near=(near.lon, near.lat) if near else None, limit=limit)
    decision.note(found=len(hits))
    return Hits(hits, near, version)


def nearest(uow: UnitOfWork, actor: Actor, position: Place, *, limit: int) -> Hits:
    """Return the addresses nearest to a position, with their distances (one statement)."""
    decision = guard.require(uow, actor, "field.address.search", guard.FORCE)
    version, book = _open(uow)
    hits = book.nearest(position.lon, position.lat, limit)
    decision.note(found=len(hits))
    return Hits(hits, position, version)


def get(uow: UnitOfWork, actor: Actor, code: str) -> Address:
    """Return one address by its code, or raise `AddressUnknown` (one statement)."""
    guard.require(uow, actor, "field.address.search", guard.FORCE)
    found = _open(uow)[1].get(code)
    if found is None:
        raise AddressUnknown
    return found


def newest_book(uow: UnitOfWork) -> AddressBookRow | None:
    """Return the artefact that is searched now; None before the first import."""
    newest = select(AddressBookRow).order_by(AddressBookRow.import_id.desc()).limit(1)
    return uow.session.scalars(newest).one_or_none()


def _open(uow: UnitOfWork) -> tuple[UUID, AddressBook]:
    """Ask for the newest book in a unit of its own: no transaction waits while one is fetched."""
    with uow.kernel.reads() as unit:
        row = newest_book(unit)
    if row is None:
        raise AddressBookMissing
    return row.import_id, uow.kernel.ports.ask(SHELF, "addresses").book(uow.kernel, row.sha256)
