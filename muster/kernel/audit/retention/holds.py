"""Legal holds: placed by one person, lifted by two. A hold never ends by itself."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.audit.retention.catch import pack
from muster.kernel.audit.retention.models import LegalHold
from muster.kernel.errors import Conflict, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Officer
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import SubjectError, SubjectKind, normalise

LIFT: Final = "audit.hold.lift"
KINDS: Final = ("case", "officer", "subject", "resource")
_MOST: Final = 200


def place(
    uow: UnitOfWork, actor: Actor, *, kind: str, value: str, reason: str, subject_kind: str = ""
) -> LegalHold:
    """Keep everything about a case, an officer (by number), a subject or a resource (`Type/id`).

    Raises `InvalidInput` for what is none of these.
    """
    hold = LegalHold(id=uuid7(), kind=kind, reason=reason.strip(), placed_by=actor.id, version=1)
    decision = guard.require(uow, actor, "audit.hold.place", _target(hold))
    if not 5 <= len(hold.reason) <= 1000:
        raise InvalidInput("Say in a few words why these entries must be kept.")
    decision.note(reason=hold.reason, kind=kind)
    value = value.strip()
    if kind == "subject":
        _seal(uow, hold, subject_kind, value)
    elif kind == "officer":
        officer = uow.session.scalar(select(Officer).where(Officer.number == value))
        if officer is None:
            raise InvalidInput("There is no officer of this number.")
        hold.value, hold.label = str(officer.id), officer.number
    elif kind == "case" and value:
        hold.value = hold.label = value[:_MOST]
    elif kind == "resource" and all(value.partition("/")):
        hold.value, hold.label = value[:300], value[:_MOST]
    else:
        raise InvalidInput("Name a case, an officer, a subject, or a resource as Type/id.")
    uow.session.add(hold)
    uow.session.flush()
    return hold


def ask_to_lift(uow: UnitOfWork, actor: Actor, hold_id: UUID, reason: str) -> Approval:
    """Ask for a hold to be lifted; a second person decides."""
    hold = _find(uow, hold_id)
    label = f"{hold.kind}: {hold.label}"
    return approvals.ask(
        uow, actor, LIFT, [_target(hold)], body={"hold": label}, reason=reason, label=label
    )


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    lifted: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[LegalHold]:
    """Return up to `limit + 1` holds, newest first, beyond `after`: in force, or lifted."""
    guard.require(uow, actor, "audit.hold.list", guard.FORCE)
    state = LegalHold.lifted_at.is_not(None) if lifted else LegalHold.lifted_at.is_(None)
    query = select(LegalHold).where(state).order_by(LegalHold.id.desc())
    if after is not None:
        query = query.where(LegalHold.id < after)
    return list(uow.session.scalars(query.limit(limit + 1)))


class LiftExecutor:
    """Lifts a hold once a second person agreed."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the holds; one that is gone or lifted is refused."""
        return [_target(_find(uow, UUID(one), lock=True)) for one in resource_ids]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """End the hold in both names."""
        for one in approval.resource_ids:
            hold = _find(uow, UUID(one))
            hold.lifted_at, hold.lifted_by = uow.now(), approver.id
        return {"lifted": len(approval.resource_ids)}


def _seal(uow: UnitOfWork, hold: LegalHold, subject_kind: str, value: str) -> None:
    try:
        subject = normalise(SubjectKind(subject_kind), value).subject
    except (SubjectError, ValueError) as error:
        raise InvalidInput(str(error)) from error
    hold.sealed = uow.kernel.keys.seal("copies", pack(subject), hold.id.bytes)
    hold.label = str(subject.kind)


def _find(uow: UnitOfWork, hold_id: UUID, *, lock: bool = False) -> LegalHold:
    hold = uow.session.get(LegalHold, hold_id, with_for_update=lock or None)
    if hold is None:
        raise NotFound("There is no such hold.")
    if hold.lifted_at is not None:
        raise Conflict("This hold has been lifted.")
    return hold


def _target(hold: LegalHold) -> Target:
    return Target("LegalHold", str(hold.id))
