"""Four eyes: freeze what was asked, let a second person agree, decide again for both, do it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NoReturn
from uuid import UUID

from sqlalchemy import func, select

from muster.kernel import guard
from muster.kernel.approvals.errors import (
    ApprovalClosed,
    ApprovalTampered,
    RequesterNotPermitted,
)
from muster.kernel.approvals.models import Approval
from muster.kernel.approvals.ports import EXECUTORS
from muster.kernel.errors import InvalidInput, NotFound
from muster.kernel.guard import SecondPersonRequired, Target
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.people import actor_for
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import content_hash

KEPT_OPEN = timedelta(hours=24)
_NEVER_ONES_OWN: Final = "approvals.never-ones-own"
MOST_COUNTED = 100


def ask(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    targets: Sequence[Target],
    *,
    body: Mapping[str, Any],
    reason: str,
    label: str,
) -> Approval:
    """Freeze a request for a second person. Whoever asks must themselves be permitted to.

    `label` names the target for people. Raises `Denied`, or `InvalidInput` without a reason.
    """
    if not 5 <= len(reason.strip()) <= 1000 or not targets:
        raise InvalidInput("Give the reason in a few words; the second person will read it.")
    decisions = [guard.require(uow, actor, action, target) for target in targets]
    approval = Approval(
        action=action,
        resource_type=targets[0].type,
        resource_ids=[target.id for target in targets],
        body=dict(body),
        reason=reason.strip(),
        label=label[:200],
        requested_by=actor.id,
        expires_at=uow.now() + KEPT_OPEN,
        frozen_hash="",
    )
    approval.frozen_hash = _hash(approval)
    uow.session.add(approval)
    uow.session.flush()
    for decision in decisions:
        decision.note(reason=reason, approval=str(approval.id), awaits="second person")
    return approval


def approve(uow: UnitOfWork, actor: Actor, approval_id: UUID) -> Approval:
    """Agree as the second person: both are judged again on today's facts, then it is done."""
    approval = _open(uow, approval_id)
    if approval.frozen_hash != _hash(approval):
        _refuse_tampered(uow, actor, approval)
    executor = uow.kernel.ports.ask(EXECUTORS, approval.action)
    targets = executor.targets(uow, approval.resource_ids)
    requester = actor_for(uow, approval.requested_by)
    decisions = [_agree(uow, actor, requester, approval, target) for target in targets]
    _close(uow, approval, actor, "approved")
    outcome = executor.execute(uow, requester, actor, approval)
    for decision in decisions:
        decision.note(**outcome)
    return approval


def refuse(uow: UnitOfWork, actor: Actor, approval_id: UUID, note: str) -> Approval:
    """Say no, with a reason the requester will read."""
    approval = _open(uow, approval_id)
    if len(note.strip()) < 5:
        raise InvalidInput("Say in a few words why you refuse.")
    executor = uow.kernel.ports.ask(EXECUTORS, approval.action)
    for target in executor.targets(uow, approval.resource_ids):
        guard.require(uow, actor, f"{approval.action}.approve", target).note(
            reason=note, approval=str(approval.id), refused=True
        )
    _close(uow, approval, actor, "refused")
    approval.note = note.strip()
    return approval


def withdraw(uow: UnitOfWork, actor: Actor, approval_id: UUID) -> Approval:
    """Take one's own open request back."""
    approval = _open(uow, approval_id)
    guard.require(
        uow,
        actor,
        "approvals.withdraw",
        Target("ApprovalRequest", str(approval.id), {"own": approval.requested_by == actor.id}),
    )
    _close(uow, approval, actor, "cancelled")
    return approval


def read(uow: UnitOfWork, actor: Actor, approval_id: UUID) -> Approval:
    """Return one request."""
    decision = guard.require(uow, actor, "approvals.read", guard.FORCE)
    approval = uow.session.get(Approval, approval_id)
    if approval is None:
        raise NotFound("There is no such request.")
    decision.note(approval=str(approval.id))
    return approval


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str = "open",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Approval]:
    """Return up to `limit + 1` requests of a state, newest first, beyond `after`."""
    guard.require(uow, actor, "approvals.read", guard.FORCE)
    statement = select(Approval).where(Approval.state == state).order_by(Approval.id.desc())
    if after is not None:
        statement = statement.where(Approval.id < after)
    return list(uow.session.scalars(statement.limit(limit + 1)))


def waiting(uow: UnitOfWork, actor: Actor) -> int:
    """Return how many requests are open, at most 100: the number beside a menu entry.

    As with `guard.may` nothing is recorded; for who may not read them it is none.
    """
    if not guard.may(uow, actor, "approvals.read", guard.FORCE):
        return 0
    some = select(Approval.id).where(Approval.state == "open").limit(MOST_COUNTED).subquery()
    return uow.session.scalar(select(func.count()).select_from(some)) or 0


def open_for(uow: UnitOfWork, action: str, resource_id: str) -> Approval | None:
    """Return the newest open request to do this to a resource the caller has been let see."""
    query = select(Approval).where(Approval.state == "open", Approval.action == action)
    newest = uow.session.scalars(query.order_by(Approval.id.desc()).limit(MOST_COUNTED))
    return next((row for row in newest if resource_id in row.resource_ids), None)


def drop(uow: UnitOfWork, action: str, resource_id: str, *, note: str) -> int:
    """Close the open requests to do this to a resource: the ground for them is gone.

    Nothing is decided here; the act that takes the ground away has been. Returns how many.
    """
    query = select(Approval).where(Approval.state == "open", Approval.action == action)
    rows = [row for row in uow.session.scalars(query) if resource_id in row.resource_ids]
    for row in rows:
        row.state, row.decided_at, row.note = "cancelled", uow.now(), note
    return len(rows)


def expire(uow: UnitOfWork) -> int:
    """Close what nobody decided in time; run by a schedule."""
    late = select(Approval).where(Approval.state == "open", Approval.expires_at <= uow.now())
    rows = list(uow.session.scalars(late))
    for row in rows:
        row.state = "expired"
    return len(rows)


def _agree(
    uow: UnitOfWork, actor: Actor, requester: Actor, approval: Approval, target: Target
) -> guard.Decision:
    decision = guard.require(uow, actor, f"{approval.action}.approve", target).note(
        reason=approval.reason,
        approval=str(approval.id),
        requested_by=str(approval.requested_by),
    )
    if actor.id == approval.requested_by:
        decision.entry.outcome, decision.entry.policies = "denied", (_NEVER_ONES_OWN,)
        raise SecondPersonRequired(rule=_NEVER_ONES_OWN, action=approval.action)
    still = uow.kernel.guard.decide(requester, approval.action, target, uow.now())
    if not still.allowed:
        raise RequesterNotPermitted
    return decision


def _refuse_tampered(uow: UnitOfWork, actor: Actor, approval: Approval) -> NoReturn:
    """Nothing the row says can be trusted any more, so only its id goes on record."""
    decision = guard.require(uow, actor, "approvals.read", guard.FORCE)
    decision.note(approval=str(approval.id), refused="approval_tampered")
    raise ApprovalTampered


def _open(uow: UnitOfWork, approval_id: UUID) -> Approval:
    approval = uow.session.get(Approval, approval_id, with_for_update=True)
    if approval is None:
        raise NotFound("There is no such request.")
    if approval.state != "open" or approval.expires_at <= uow.now():
        raise ApprovalClosed
    return approval


def _close(uow: UnitOfWork, approval: Approval, actor: Actor, state: str) -> None:
    approval.state, approval.decided_by, approval.decided_at = state, actor.id, uow.now()


def _hash(approval: Approval) -> str:
    return content_hash(
        {
            "action": approval.action,
            "resource_type": approval.resource_type,
            "resource_ids": approval.resource_ids,
            "body": approval.body,
            "label": approval.label,
            "reason": approval.reason,
            "requested_by": str(approval.requested_by),
        }
    )
