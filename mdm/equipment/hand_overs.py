"""Hand-overs: a thing is offered to an officer, who signs for it, for themselves or for a pool.

Two ways to sign. On a terminal the officer sends back the hash of what they read; the DPoP session
is the proof, and its key is written down. At the counter they type number and PIN into the admin's
console.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm.equipment import custody, finding
from mdm.equipment.errors import (
    HandOverChanged,
    HandOverClosed,
    HandOverNotFound,
    HandOverOpen,
)
from mdm.equipment.following import enter, permitted
from mdm.equipment.models import Asset, HandOver
from mdm.equipment.sims.models import Sim
from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor, Officer, counter
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import content_hash

LASTS: Final = timedelta(days=7)
_SIGN: Final = "mdm.hand_over.sign"


def offer(
    uow: UnitOfWork,
    actor: Actor,
    asset_id: UUID,
    *,
    officer: str,
    pool: str = "",
    condition: str = "",
) -> HandOver:
    """Offer a thing to the officer of a number, who signs for themselves or for the unit `pool`.

    It waits seven days. Raises `AssetWrongStage` and `HandOverOpen`.
    """
    asset = finding.find(uow, asset_id, lock=True)
    decision = guard.require(uow, actor, "mdm.asset.offer", finding.target(uow, asset))
    permitted(asset, "issue")
    _close_expired(uow, asset)
    signer = _in_service(uow, officer)
    keeper = uow.kernel.people.by_code(pool) if pool else None
    now = uow.now()
    row = HandOver(
        id=uuid7(),
        asset_id=asset.id,
        officer_id=signer.id,
        pool_id=keeper.id if keeper else None,
        condition=condition,
        offered_by=actor.id,
        expires_at=now + LASTS,
        created_at=now,
    )
    row.content = _content(uow, asset, row, signer.number, pool, actor.label, now)
    row.content_hash = content_hash(row.content)
    uow.session.add(row)
    decision.note(hand_over=str(row.id), officer=signer.number, content_hash=row.content_hash)
    return row


def withdraw(uow: UnitOfWork, actor: Actor, hand_over_id: UUID) -> HandOver:
    """Take an offer back; raises `HandOverClosed` if it is signed or over."""
    row = _locked(uow, hand_over_id)
    guard.require(uow, actor, "mdm.hand_over.withdraw", _target(uow, actor, row))
    if row.state != "offered":
        raise HandOverClosed
    row.state = "withdrawn"
    return row


def open_for(uow: UnitOfWork, asset_id: UUID) -> HandOver | None:
    """Return the offer of a thing that still waits for a signature; the caller asks the guard."""
    row = uow.session.scalar(
        select(HandOver).where(HandOver.asset_id == asset_id, HandOver.state == "offered")
    )
    return row if row is not None and row.expires_at > uow.now() else None


def own(uow: UnitOfWork, actor: Actor) -> Sequence[HandOver]:
    """Return what waits for the signature of the officer who asks."""
    guard.require(uow, actor, "mdm.hand_over.list_own", guard.FORCE)
    query = (
        select(HandOver)
        .where(
            HandOver.officer_id == actor.id,
            HandOver.state == "offered",
            HandOver.expires_at > uow.now(),
        )
        .order_by(HandOver.id)
        .limit(200)
    )
    return uow.session.scalars(query).all()


def sign_on_terminal(uow: UnitOfWork, actor: Actor, hand_over_id: UUID, seen: str) -> HandOver:
    """Sign what one read; `seen` is the `content_hash` of it. Signing twice changes nothing.

    Raises `HandOverNotFound`, `HandOverClosed`, `HandOverChanged`, `AssetWrongStage`.
    """
    row = _locked(uow, hand_over_id)
    decision = guard.require(uow, actor, _SIGN, _target(uow, actor, row))
    if row.state == "signed" and row.content_hash == seen:
        return row
    if row.content_hash != seen:
        raise HandOverChanged
    row.jkt = (actor.device.jkt or "") if actor.device else ""
    _sign(uow, decision, row, "terminal", actor.session_id)
    return row


def sign_at_counter(
    uow: UnitOfWork, actor: Actor, hand_over_id: UUID, *, number: str, pin: str
) -> HandOver:
    """Let the officer sign at the actor's console with number and PIN.

    Give a unit of work that reads: the signature is a unit of its own, after argon2 ran. Raises what
    `counter.prove` and `sign_on_terminal` raise, and `InvalidInput` for somebody else's number.
    """
    kernel, session_id = uow.kernel, actor.session_id
    with kernel.reads() as unit:
        row = _read(unit, hand_over_id)
        target = _target(unit, actor, row)
        signer = unit.session.get_one(Officer, row.officer_id)
    guard.require(uow, actor, "mdm.hand_over.witness", target)
    if row.state != "offered":
        raise HandOverClosed
    if signer.number != number:
        raise InvalidInput(errors=[Fault("/number", "This was offered to somebody else.")])
    proof = counter.prove(kernel, actor, number, pin, action=_SIGN)
    with kernel.writes() as unit:
        signed = _locked(unit, hand_over_id)
        decision = guard.require(unit, actor, "mdm.hand_over.witness", target)
        signed.witness_id = actor.id
        _sign(unit, decision, signed, "counter", session_id)
        counter.settle(unit, proof, session_id or UUID(int=0))
    return signed


def _sign(
    uow: UnitOfWork, decision: Decision, row: HandOver, how: str, session_id: UUID | None
) -> None:
    if row.state != "offered" or row.expires_at <= uow.now():
        raise HandOverClosed
    asset = finding.find(uow, row.asset_id, lock=True)
    stage = permitted(asset, "issue")
    _refuse_changed(uow, asset, row)
    row.state, row.signed_at, row.signed_how = "signed", uow.now(), how
    row.session_id = session_id
    custody.give(
        uow,
        asset,
        how=how,
        officer_id=None if row.pool_id else row.officer_id,
        pool_id=row.pool_id,
        by=row.offered_by,
        hand_over_id=row.id,
        condition=row.condition,
    )
    enter(uow, asset, stage)
    decision.note(how=how, content_hash=row.content_hash, asset=str(asset.id), key=row.jkt)


def _refuse_changed(uow: UnitOfWork, asset: Asset, row: HandOver) -> None:
    """What is signed must be what is handed out: the thing with the cards that are in it now."""
    told = row.content
    if told["asset"] != _thing(asset) or told["sims"] != _cards(uow, asset):
        raise HandOverChanged("The equipment changed since it was offered. Offer it anew.")


def _content(
    uow: UnitOfWork,
    asset: Asset,
    row: HandOver,
    officer: str,
    pool: str,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    return {
        "kind": "muster.hand-over.v1",
        "hand_over": str(row.id),
        "asset": _thing(asset),
        "sims": _cards(uow, asset),
        "officer": officer,
        "pool": pool,
        "condition": row.condition,
        "offered_by": by,
        "offered_at": at.isoformat(timespec="seconds"),
    }


def _thing(asset: Asset) -> dict[str, str]:
    return {
        "serial": asset.serial,
        "imei": asset.imei,
        "model": asset.model,
        "vendor": asset.vendor,
        "device_class": asset.device_class,
    }


def _cards(uow: UnitOfWork, asset: Asset) -> list[str]:
    query = select(Sim.iccid).where(Sim.asset_id == asset.id).order_by(Sim.iccid)
    return list(uow.session.scalars(query))


def _close_expired(uow: UnitOfWork, asset: Asset) -> None:
    row = uow.session.scalar(
        select(HandOver).where(HandOver.asset_id == asset.id, HandOver.state == "offered")
    )
    if row is None:
        return
    if row.expires_at > uow.now():
        raise HandOverOpen
    row.state = "expired"
    uow.session.flush()


def _in_service(uow: UnitOfWork, number: str) -> Officer:
    officer = uow.session.scalar(
        select(Officer).where(Officer.number == number, Officer.state == "active")
    )
    if officer is None:
        raise InvalidInput(errors=[Fault("/officer", "No active officer has this number.")])
    return officer


def _read(uow: UnitOfWork, hand_over_id: UUID) -> HandOver:
    row = uow.session.get(HandOver, hand_over_id)
    if row is None:
        raise HandOverNotFound
    return row


def _locked(uow: UnitOfWork, hand_over_id: UUID) -> HandOver:
    row = uow.session.get(HandOver, hand_over_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise HandOverNotFound
    return row


def _target(uow: UnitOfWork, actor: Actor, row: HandOver) -> Target:
    asset = finding.find(uow, row.asset_id)
    path = uow.kernel.people.unit(asset.unit_id).path
    return Target("HandOver", str(row.id), {"own": row.officer_id == actor.id}, unit=path)
