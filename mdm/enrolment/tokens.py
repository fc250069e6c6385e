"""Making, listing and revoking enrolment tokens."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select

from mdm.enrolment.errors import TokenNotFound
from mdm.enrolment.models import EnrolToken
from mdm.enrolment.qr import AndroidAgent, content
from mdm.groups import groups_in
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import token, uuid7
from muster.kernel.uow import UnitOfWork

PREFIX: Final = "met_"
LONGEST: Final = timedelta(days=30)
MOST_USES: Final = 500


@dataclass(frozen=True)
class Wish:
    """What a token is to allow; `unit` is the unit's code."""

    unit: str
    kind: Literal["single", "batch"] = "single"
    uses: int = 1
    lasts: timedelta = timedelta(hours=24)
    label: str = ""
    device_class: str = "handheld"
    group_ids: tuple[UUID, ...] = ()
    android: AndroidAgent | None = None


@dataclass(frozen=True)
class Made:
    """A new token: its row, and the secret and QR content that are shown this once."""

    row: EnrolToken
    token: str
    content: dict[str, Any]


def create(uow: UnitOfWork, actor: Actor, wish: Wish) -> Made:
    """Make a token. Raises `NotFound` for an unknown unit or group."""
    unit = uow.kernel.people.by_code(wish.unit)
    row = EnrolToken(
        id=uuid7(),
        kind=wish.kind,
        label=wish.label,
        uses_left=wish.uses if wish.kind == "batch" else 1,
        expires_at=uow.now() + min(wish.lasts, LONGEST),
        unit_id=unit.id,
        group_ids=[str(group_id) for group_id in wish.group_ids],
        device_class=wish.device_class,
        created_by=actor.id,
        token_hash="",
    )
    decision = guard.require(uow, actor, "mdm.enrol_token.create", _target(uow, row))
    groups_in(uow, wish.group_ids)
    secret = PREFIX + token()
    row.token_hash = hashed(secret)
    uow.session.add(row)
    decision.note(kind=row.kind, uses=row.uses_left, unit=unit.code)
    pins = [key.kid for key in uow.kernel.keys.verifiers("manifest")]
    server = uow.kernel.settings.origin
    return Made(row, secret, content(server, secret, pins, wish.android))


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[EnrolToken]:
    """Return up to `limit + 1` tokens of the actor's units, newest first, spent ones too."""
    guard.require(uow, actor, "mdm.enrol_token.list", guard.FORCE)
    query = select(EnrolToken).where(
        guard.visible(uow, actor, "mdm.enrol_token.read", "EnrolToken")
    )
    if after is not None:
        query = query.where(EnrolToken.id < after)
    return uow.session.scalars(query.order_by(EnrolToken.id.desc()).limit(limit + 1)).all()


def read(uow: UnitOfWork, actor: Actor, token_id: UUID) -> EnrolToken:
    """Return one token, without its secret."""
    row = uow.session.get(EnrolToken, token_id)
    if row is None:
        raise TokenNotFound
    guard.require(uow, actor, "mdm.enrol_token.read", _target(uow, row))
    return row


def revoke(uow: UnitOfWork, actor: Actor, token_id: UUID) -> EnrolToken:
    """Let nobody in with a token any more; terminals that came in with it stay."""
    row = uow.session.get(EnrolToken, token_id)
    if row is None:
        raise TokenNotFound
    guard.require(uow, actor, "mdm.enrol_token.revoke", _target(uow, row))
    row.revoked_at = row.revoked_at or uow.now()
    return row


def hashed(secret: str) -> str:
    """Return the stored form of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _target(uow: UnitOfWork, row: EnrolToken) -> Target:
    return Target("EnrolToken", str(row.id), unit=uow.kernel.people.unit(row.unit_id).path)
