"""Making, listing and revoking enrolment tokens."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select

from mdm.devices import fleet
from mdm.enrolment.door import hashed
from mdm.enrolment.errors import NothingToReplace, TokenNotFound
from mdm.enrolment.models import EnrolToken, ListedSerial
from mdm.enrolment.people import officer_of
from mdm.enrolment.qr import AndroidAgent, Code, content
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
    """What a token is to allow; `unit` is the unit's code, `holder` an officer's number.

    `serials` bind a batch to a list, of which each comes in once; `replaces` ends that enrolment
    when its serial comes in again. `ca` and `android` go into the code and are not kept.
    """

    unit: str
    kind: Literal["single", "batch"] = "single"
    uses: int = 1
    lasts: timedelta = timedelta(hours=24)
    label: str = ""
    device_class: str = "handheld"
    group_ids: tuple[UUID, ...] = ()
    agent: str = "native"
    ownership: Literal["personal", "pooled"] = "pooled"
    holder: str = ""
    needs_approval: bool = False
    serials: tuple[str, ...] = ()
    replaces: UUID | None = None
    ca: tuple[str, ...] = ()
    android: AndroidAgent | None = None


@dataclass(frozen=True)
class Made:
    """A new token: its row, and the secret and QR content that are shown this once."""

    row: EnrolToken
    token: str
    content: dict[str, Any]


def create(uow: UnitOfWork, actor: Actor, wish: Wish) -> Made:
    """Make a token.

    Raises `NotFound` for an unknown unit or group, `InvalidInput` for an unknown holder,
    `NothingToReplace` and `CodeTooLarge`.
    """
    unit = uow.kernel.people.by_code(wish.unit)
    row = _row(uow, actor, wish, unit.id)
    decision = guard.require(uow, actor, "mdm.enrol_token.create", _target(uow, row))
    groups_in(uow, wish.group_ids)
    row.holder_id = officer_of(uow, wish.holder).id if wish.holder else None
    _check_replaced(uow, actor, wish.replaces)
    secret = PREFIX + token()
    row.token_hash = hashed(secret)
    uow.session.add(row)
    uow.session.flush()
    uow.session.add_all(
        ListedSerial(token_id=row.id, serial=serial) for serial in dict.fromkeys(wish.serials)
    )
    decision.note(kind=row.kind, uses=row.uses_left, unit=unit.code, agent=row.agent)
    pins = [key.kid for key in uow.kernel.keys.verifiers("manifest")]
    code = Code(uow.kernel.settings.origin, secret, pins, wish.android, wish.ca)
    return Made(row, secret, content(wish.agent, code))


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[EnrolToken]:
    """Return up to `limit + 1` tokens of the actor's units, newest first, spent ones too."""
    guard.require(uow, actor, "mdm.enrol_token.list", guard.FORCE)
    query = select(EnrolToken).where(
        guard.visible(uow, actor, "mdm.enrol_token.read", "EnrolToken"),
        EnrolToken.parent_id.is_(None),
    )
    if after is not None:
        query = query.where(EnrolToken.id < after)
    return uow.session.scalars(query.order_by(EnrolToken.id.desc()).limit(limit + 1)).all()


def read(uow: UnitOfWork, actor: Actor, token_id: UUID) -> EnrolToken:
    """Return one token that somebody made, without its secret."""
    row = uow.session.get(EnrolToken, token_id)
    if row is None or row.parent_id is not None:
        raise TokenNotFound
    guard.require(uow, actor, "mdm.enrol_token.read", _target(uow, row))
    return row


def serials(uow: UnitOfWork, actor: Actor, token_id: UUID) -> Sequence[ListedSerial]:
    """Return the serial list of a batch, at most `MOST_USES`, with who has come in already."""
    read(uow, actor, token_id)
    query = select(ListedSerial).where(ListedSerial.token_id == token_id)
    return uow.session.scalars(query.order_by(ListedSerial.serial)).all()


def labels(uow: UnitOfWork, token_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of these tokens, to show beside terminals that came in with them."""
    query = select(EnrolToken.id, EnrolToken.label).where(EnrolToken.id.in_(token_ids))
    return dict(uow.session.execute(query).all())


def revoke(uow: UnitOfWork, actor: Actor, token_id: UUID) -> EnrolToken:
    """Let nobody in with a token any more; terminals that came in with it stay."""
    row = uow.session.get(EnrolToken, token_id)
    if row is None:
        raise TokenNotFound
    guard.require(uow, actor, "mdm.enrol_token.revoke", _target(uow, row))
    row.revoked_at = row.revoked_at or uow.now()
    return row


def _row(uow: UnitOfWork, actor: Actor, wish: Wish, unit_id: UUID) -> EnrolToken:
    uses = len(set(wish.serials)) or wish.uses
    return EnrolToken(
        id=uuid7(),
        kind=wish.kind,
        label=wish.label,
        uses_left=uses if wish.kind == "batch" else 1,
        expires_at=uow.now() + min(wish.lasts, LONGEST),
        unit_id=unit_id,
        group_ids=[str(group_id) for group_id in wish.group_ids],
        device_class=wish.device_class,
        created_by=actor.id,
        token_hash="",
        agent=wish.agent,
        ownership=wish.ownership,
        needs_approval=wish.needs_approval,
        listed=bool(wish.serials),
        replaces=wish.replaces,
    )


def _check_replaced(uow: UnitOfWork, actor: Actor, device_id: UUID | None) -> None:
    """Whoever lets a new enrolment end an old one must be permitted to retire that one."""
    if device_id is None:
        return
    old = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.retire", old.target(actor)).note(by_token=True)
    if old.principal.state != "enrolled":
        raise NothingToReplace


def _target(uow: UnitOfWork, row: EnrolToken) -> Target:
    return Target("EnrolToken", str(row.id), unit=uow.kernel.people.unit(row.unit_id).path)
