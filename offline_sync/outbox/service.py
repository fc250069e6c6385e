"""Handing in finished work: it belongs to the officer who made it, whoever uploads it.

At sign-in the server gave the terminal a session id; an item names the session it was made under.
That session was opened by one officer on one terminal with one key, and the item is signed by that
key: so its author is that session's officer, even if another one is signed in by now.
"""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import DataError, IntegrityError

from muster.kernel import guard
from muster.kernel.errors import Conflict, DomainError, InvalidInput
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Session, people
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into
from offline_sync.conflicts import Kept, keep
from offline_sync.errors import ItemKindUnknown, ItemSessionUnknown, OpIdReused, TerminalRequired
from offline_sync.outbox.item import Claims, Signed, flags, read
from offline_sync.outbox.models import PushReceipt
from offline_sync.ports import OUTBOX, OutboxItem, OutboxTarget
from offline_sync.push import RowUnit
from offline_sync.wire import as_json, encode

KEPT = timedelta(hours=72)


@dataclass(frozen=True)
class HandedIn:
    """What became of an item, the same at every repetition.

    status: recorded, or kept (refused now, a supervisor sees it; the terminal may let go of it).
    `result` is the owner's answer, or the problem for kept work; gone after 72 hours.
    """

    op_id: str
    status: str
    reference: str
    author: UUID
    flags: list[str]
    result: dict[str, Any] | None


def hand_in(uow: UnitOfWork, actor: Actor, token: str) -> HandedIn:
    """Record one signed item from the terminal the actor is signed in on.

    Raises `ItemUnreadable`, `ItemSignatureInvalid`, `ItemSessionUnknown`, `ItemKindUnknown`, and
    `OpIdReused` if the terminal used the op_id for something else.
    """
    signed = read(token)
    claims = signed.claims
    decision = guard.require(
        uow,
        actor,
        "offline_sync.item.hand_in",
        Target("OutboxItem", claims.op_id, {"kind": claims.kind}),
    )
    if actor.device is None:
        raise TerminalRequired
    done = take_in(uow, actor, actor.device.id, signed)
    decision.note(status=done.status, author=str(done.author), flags=done.flags)
    return done


def take_in(uow: UnitOfWork, uploader: Actor, device_id: UUID, signed: Signed) -> HandedIn:
    """Record an item of a terminal in the name of its author, or return what became of it before."""
    claims = signed.claims
    session = _session(uow, device_id, signed)
    target = _target(uow, claims.kind)
    item = _item(uow, device_id, claims, session)
    if not _first(uow, uploader, item, session.officer_id, signed.digest):
        return _again(uow, device_id, claims.op_id, signed.digest)
    author = _author(uow, uploader, session)
    status, result = _receive(uow, target, author, item)
    done = HandedIn(
        op_id=claims.op_id,
        status=status,
        reference=str(result.get("id", ""))[:64] if status == "recorded" else "",
        author=session.officer_id,
        flags=list(item.flags),
        result=as_json(result),
    )
    _finish(uow, device_id, done)
    return done


def forget_answers(uow: UnitOfWork) -> None:
    """Erase sealed answers older than 72 hours; the receipts stay."""
    old = PushReceipt.received_at < uow.now() - KEPT
    uow.session.execute(
        update(PushReceipt)
        .where(old, PushReceipt.sealed.is_not(None))
        .values(sealed=None)
        .execution_options(synchronize_session=False)
    )


def _session(uow: UnitOfWork, device_id: UUID, signed: Signed) -> Session:
    session = uow.session.get(Session, signed.claims.session_id)
    if session is None or session.kind != "field" or session.device_id != device_id:
        raise ItemSessionUnknown
    if session.jkt != signed.jkt:
        raise ItemSessionUnknown("This item is signed by another key than its session's.")
    return session


def _target(uow: UnitOfWork, kind: str) -> OutboxTarget:
    try:
        return uow.kernel.ports.ask(OUTBOX, kind)
    except KeyError:
        raise ItemKindUnknown from None


def _author(uow: UnitOfWork, uploader: Actor, session: Session) -> Actor:
    """Return the session's officer as an actor of today, on the terminal if it is the uploader's."""
    author = people.actor_for(uow, session.officer_id)
    return replace(
        author,
        surface="field",
        device=uploader.device,
        app=uploader.app if uploader.device else None,
        session_id=session.id,
        scope=tuple(session.scope),
        aal=session.aal,
        origin=uploader.origin,
    )


def _item(uow: UnitOfWork, device_id: UUID, claims: Claims, session: Session) -> OutboxItem:
    return OutboxItem(
        op_id=claims.op_id,
        kind=claims.kind,
        device_id=device_id,
        session_id=session.id,
        device_time=claims.device_time,
        received_at=uow.now(),
        boot_id=claims.boot_id,
        elapsed_ms=claims.elapsed_ms,
        body=claims.body,
        flags=flags(claims, session, uow.now()),
    )


def _first(
    uow: UnitOfWork, uploader: Actor, item: OutboxItem, author_id: UUID, digest: str
) -> bool:
    """Insert first: a twin that comes at the same time waits here and then finds the receipt."""
    statement = insert_into(uow.kernel.db, PushReceipt).values(
        device_id=item.device_id,
        op_id=item.op_id,
        kind=item.kind,
        digest=digest,
        author_id=author_id,
        uploader_id=uploader.id,
        session_id=item.session_id,
        device_time=item.device_time,
        received_at=item.received_at,
        flags=list(item.flags),
        status="",
        reference="",
    )
    inserted = statement.on_conflict_do_nothing(index_elements=["device_id", "op_id"])
    return uow.session.scalar(inserted.returning(PushReceipt.op_id)) is not None


def _receive(
    uow: UnitOfWork, target: OutboxTarget, author: Actor, item: OutboxItem
) -> tuple[str, dict[str, Any]]:
    """Let the owner record it; what the owner refuses is kept, and told as a problem."""
    try:
        with RowUnit(uow) as unit:
            return "recorded", target.receive(unit, author, item)
    except IntegrityError:
        refusal: DomainError = Conflict()
    except DataError:
        refusal = InvalidInput("A value is out of the range that can be stored.")
    except DomainError as error:
        if error.status >= 500:
            raise
        refusal = error
    return "kept", _kept(uow, author, item, refusal)


def _kept(uow: UnitOfWork, author: Actor, item: OutboxItem, refusal: DomainError) -> dict[str, Any]:
    keep(
        uow,
        author,
        source=f"outbox/{item.kind}",
        doc_id=item.op_id,
        content={"device_time": item.device_time, "flags": item.flags, "body": item.body},
        reason=Kept.REFUSED,
        detail=f"{refusal.code}: {refusal.detail}",
        device_id=item.device_id,
    )
    faults = [{"pointer": fault.pointer, "detail": fault.detail} for fault in refusal.errors]
    return {"code": refusal.code, "detail": refusal.detail, "errors": faults}


def _again(uow: UnitOfWork, device_id: UUID, op_id: str, digest: str) -> HandedIn:
    row = uow.session.execute(
        select(PushReceipt).where(PushReceipt.device_id == device_id, PushReceipt.op_id == op_id)
    ).scalar_one()
    if row.digest != digest:
        raise OpIdReused
    result = None
    if row.sealed is not None:
        result = json.loads(uow.kernel.keys.open("copies", row.sealed, _place(device_id, op_id)))
    return HandedIn(op_id, row.status, row.reference, row.author_id, row.flags, result)


def _finish(uow: UnitOfWork, device_id: UUID, done: HandedIn) -> None:
    place = _place(device_id, done.op_id)
    uow.session.execute(
        update(PushReceipt)
        .where(PushReceipt.device_id == device_id, PushReceipt.op_id == done.op_id)
        .values(
            status=done.status,
            reference=done.reference,
            sealed=uow.kernel.keys.seal("copies", encode(done.result), place),
        )
        .execution_options(synchronize_session=False)
    )


def _place(device_id: UUID, op_id: str) -> bytes:
    return f"sync_push_receipt\n{device_id}\n{op_id}".encode()
