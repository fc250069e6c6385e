"""How an agent comes in on the plain path, and is moved off it at once.

A POST with a one-time token makes a terminal, and only that: no GET and no report ever does. The
token stays with the first number that shows it; the same pair is answered again until the first
call on the secret path. A number of a running fleet that was imported comes in by its fleet's own
signature instead, without a factory reset.
"""

import hmac
import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from mdm.devices.models import ManagedDevice
from mdm.enrolment import EnrolToken, Newcomer, admit, knock
from mdm.enrolment.errors import TokenInvalid
from mdm.gateways.headwind import builds, paths
from mdm.gateways.headwind.alarms import duplicate
from mdm.gateways.headwind.builds import Build
from mdm.gateways.headwind.configuring import Answer, told
from mdm.gateways.headwind.door import Caller
from mdm.gateways.headwind.errors import (
    NumberLive,
    NumberUnknown,
    PlainPathClosed,
    SignatureWrong,
)
from mdm.gateways.headwind.models import ExpectedNumber, HeadwindTerminal
from muster.kernel import guard
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork

ENROL: Final = "mdm.device.enrol"
NUMBER: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
WINDOW: Final = timedelta(hours=24)
_IN_USE: Final = ("enrolled", "lost")
Live = tuple[Device, ManagedDevice, HeadwindTerminal]


def come_in(uow: UnitOfWork, actor: Actor, number: str, token: str, signature: str) -> Answer:
    """Let an agent in that shows a token, or whose number is expected.

    Raises `SignatureWrong`, `NumberLive` (which alarms), `NumberUnknown`, and the refusals of
    enrolment.
    """
    actor, build = _knock(uow, actor, number, signature)
    if not token:
        return _expected(uow, actor, number, build)
    if uow.kernel.settings.headwind_secret and build != "house":
        raise SignatureWrong
    newcomer = Newcomer(token=token, serial=number, os="android")
    live = _live(uow, number)
    if live is not None and not _shown_before(uow, live, token):
        raise _alarmed(uow, live, number)
    decision, row = knock(uow, actor, newcomer)
    if row.agent != "headwind":
        raise TokenInvalid
    if live is not None:
        decision.note(device=str(live[0].id), repeated=True)
        return _told(uow, decision, live)
    return _told(uow, decision, _admitted(uow, decision, row, newcomer, number, build))


def fetch_plain(uow: UnitOfWork, actor: Actor, number: str, signature: str) -> Answer:
    """Answer a GET on the plain path: for an expected number, or one that has not moved yet.

    Raises `PlainPathClosed` and `NumberUnknown`; without a signature nobody is told anything.
    """
    actor, build = _knock(uow, actor, number, signature)
    return _expected(uow, actor, number, build)


def _knock(uow: UnitOfWork, actor: Actor, number: str, signature: str) -> tuple[Actor, Build]:
    uow.kernel.limits.hit("mdm.headwind.plain", actor.origin.address, limit=120, per_seconds=60)
    if not NUMBER.fullmatch(number):
        raise NumberUnknown
    build = builds.build_of(uow.kernel.settings, number, signature)
    return replace(actor, surface="enrol"), build


def _expected(uow: UnitOfWork, actor: Actor, number: str, build: Build) -> Answer:
    """Serve a number that proves its build by signature: expected, or in its first day here."""
    if build == "unknown":
        raise PlainPathClosed
    live = _live(uow, number)
    if live is not None:
        return _not_moved_yet(uow, actor, live, build)
    row = uow.session.scalar(
        select(ExpectedNumber)
        .where(
            ExpectedNumber.number == number,
            ExpectedNumber.device_id.is_(None),
            ExpectedNumber.expires_at > uow.now(),
        )
        .with_for_update()
    )
    if row is None:
        raise NumberUnknown
    token = uow.session.get_one(EnrolToken, row.token_id)
    decision = _decide(uow, actor, token)
    newcomer = Newcomer(
        token="",  # the row of the import stands for it
        serial=row.serial or number,
        imei=row.imei,
        model=row.model,
        os="android",
    )
    came = _admitted(uow, decision, token, newcomer, number, build)
    row.device_id = came[0].id
    decision.note(taken_over=True)
    return _told(uow, decision, came)


def _not_moved_yet(uow: UnitOfWork, actor: Actor, live: Live, build: Build) -> Answer:
    principal, managed, row = live
    young = uow.now() - row.created_at < WINDOW
    if row.migrated_at is not None or row.build != build or not young:
        raise PlainPathClosed
    if principal.state != "enrolled":
        raise PlainPathClosed
    token = uow.session.get_one(EnrolToken, managed.token_id)
    return _told(uow, _decide(uow, actor, token).note(repeated=True), live)


def _decide(uow: UnitOfWork, actor: Actor, token: EnrolToken) -> Decision:
    unit = uow.kernel.people.unit(token.unit_id)
    return guard.require(uow, actor, ENROL, Target("EnrolToken", str(token.id), unit=unit.path))


def _live(uow: UnitOfWork, number: str) -> Live | None:
    found = uow.session.execute(
        select(Device, ManagedDevice, HeadwindTerminal)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .join(HeadwindTerminal, HeadwindTerminal.device_id == Device.id)
        .where(HeadwindTerminal.number == number, Device.state.in_(_IN_USE))
        .with_for_update(of=Device)
    ).first()
    return (found[0], found[1], found[2]) if found else None


def _shown_before(uow: UnitOfWork, live: Live, token: str) -> bool:
    """Whether this is the very pair whose answer may have got lost."""
    principal, managed, row = live
    if row.migrated_at is not None or principal.state != "enrolled":
        return False
    known = uow.session.get_one(EnrolToken, managed.token_id).token_hash
    return hmac.compare_digest(known, paths.hashed(token))


def _alarmed(uow: UnitOfWork, live: Live, number: str) -> NumberLive:
    device_id = live[0].id
    uow.afterwards(lambda unit: duplicate(unit, unit.session.get_one(Device, device_id), number))
    return NumberLive()


def _admitted(
    uow: UnitOfWork,
    decision: Decision,
    token: EnrolToken,
    newcomer: Newcomer,
    number: str,
    build: Build,
) -> Live:
    principal, managed = admit(uow, decision, token, newcomer, None, "headwind")
    uow.session.execute(  # an enrolment that is over keeps its history, not its number
        update(HeadwindTerminal).where(HeadwindTerminal.number == number).values(number=None)
    )
    return principal, managed, paths.first(uow, principal.id, number, build)


def _told(uow: UnitOfWork, decision: Decision, live: Live) -> Answer:
    principal, managed, row = live
    caller = Caller(principal, managed, row, decision)
    return told(uow, caller, paths.wanted(uow.kernel, row))
