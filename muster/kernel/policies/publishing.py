"""Publishing with four eyes, going back to an earlier set, and running one in shadow before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, or_, select

from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.errors import InvalidInput
from muster.kernel.guard import Edition, Target
from muster.kernel.identity import Actor, Epoch, Officer, RoleGrant
from muster.kernel.identity.gate import GATES, POLICIES_GATE
from muster.kernel.identity.people import actor_for
from muster.kernel.policies import sets
from muster.kernel.policies.errors import (
    NotADraftSet,
    PolicySetChanged,
    PublicationWaiting,
    WouldLockOut,
)
from muster.kernel.policies.events import AccessPolicyPublished
from muster.kernel.policies.models import AccessPolicySet, Publication, ShadowDifference
from muster.kernel.policies.sets import PUBLISH
from muster.kernel.policies.stored import EPOCH
from muster.kernel.uow import UnitOfWork

_NEEDED = ("access.policy.read", "access.policy.draft", PUBLISH, f"{PUBLISH}.approve")
_KEPT = timedelta(days=90)


def ask(uow: UnitOfWork, actor: Actor, set_id: UUID, reason: str) -> Approval:
    """Ask a second person to put a set into force: a draft, or a published one to go back to.

    Raises `PolicySetInvalid`, `WouldLockOut`, or `PublicationWaiting` if somebody asked already.
    """
    row = sets.find(uow, set_id, lock=True)
    approval = approvals.ask(
        uow,
        actor,
        PUBLISH,
        [sets.target(uow, row)],
        body={"number": row.number, "content_hash": row.content_hash, "based_on": row.based_on},
        reason=reason,
        label=f"Access policies {row.number}: {row.title}",
    )
    if row.state == "discarded":
        raise NotADraftSet
    if any(one.id != approval.id for one in _asked(uow, row)):
        raise PublicationWaiting
    _keep_a_door(uow, actor, sets.sound(uow, row))
    return approval


def start_shadow(uow: UnitOfWork, actor: Actor, set_id: UUID, reason: str) -> Publication:
    """Let a set answer beside the one in force; its answers decide nothing."""
    row = sets.find(uow, set_id, lock=True)
    decision = guard.require(uow, actor, "access.policy.shadow", sets.target(uow, row))
    if row.state == "discarded":
        raise NotADraftSet
    sets.sound(uow, row)
    uow.session.execute(
        delete(ShadowDifference).where(
            or_(
                ShadowDifference.set_id == row.id,
                ShadowDifference.last_at < uow.now() - _KEPT,
            )
        )
    )
    decision.note(reason=_said(reason), set=row.number)
    return _raise_epoch(uow, "shadow", row, actor, None, reason)


def end_shadow(uow: UnitOfWork, actor: Actor, set_id: UUID, reason: str) -> Publication:
    """Stop comparing; what was found stays readable."""
    row = sets.find(uow, set_id, lock=True)
    decision = guard.require(uow, actor, "access.policy.shadow", sets.target(uow, row))
    decision.note(reason=_said(reason), set=row.number)
    return _raise_epoch(uow, "shadow_end", row, actor, None, reason)


class PublishExecutor:
    """Puts an approved set into force, on every worker from the next request on."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the sets as they are today, locked."""
        rows = [sets.find(uow, UUID(set_id), lock=True) for set_id in resource_ids]
        return [sets.target(uow, row) for row in rows]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Check once more that it is what was asked for and fits today's release; publish it."""
        (set_id,) = approval.resource_ids
        row = sets.find(uow, UUID(set_id))
        if (
            approval.body["content_hash"] != row.content_hash
            or sets.hash_of(row) != row.content_hash
        ):
            raise PolicySetChanged
        _keep_a_door(uow, approver, sets.sound(uow, row))
        row.state = "published"
        made = _raise_epoch(uow, "active", row, requester, approver, approval.reason)
        uow.emit(AccessPolicyPublished(epoch=made.epoch, number=row.number))
        return {"set": row.number, "epoch": made.epoch}


def _raise_epoch(
    uow: UnitOfWork,
    kind: Literal["active", "shadow", "shadow_end"],
    row: AccessPolicySet,
    asked: Actor,
    approved: Actor | None,
    reason: str,
) -> Publication:
    counter = uow.session.get(Epoch, EPOCH, with_for_update=True)
    if counter is None:
        counter = Epoch(name=EPOCH, value=0)
        uow.session.add(counter)
    counter.value += 1
    made = Publication(
        epoch=counter.value,
        kind=kind,
        set_id=row.id,
        reason=reason.strip()[:1000],
        asked_by=asked.id,
        approved_by=approved.id if approved else None,
        at=uow.now(),
    )
    uow.session.add(made)
    uow.session.flush()
    bus = uow.kernel.bus
    uow.after_commit(lambda: bus.publish(GATES, POLICIES_GATE.encode()))
    uow.after_commit(lambda: bus.publish(POLICIES_GATE, b"{}"))
    return made


def _keep_a_door(uow: UnitOfWork, actor: Actor, edition: Edition) -> None:
    """Refuse a set under which two people could not publish the next, from where the actor sits."""
    holders = (
        select(RoleGrant.officer_id)
        .join(Officer, Officer.id == RoleGrant.officer_id)
        .where(RoleGrant.role == "security_admin", Officer.state == "active")
        .distinct()
    )
    target, able = sets.target(uow), 0
    for officer_id in uow.session.scalars(holders):
        person = replace(actor_for(uow, officer_id), origin=actor.origin)
        able += all(_may(uow, edition, person, action, target) for action in _NEEDED)
        if able >= 2:
            return
    raise WouldLockOut


def _may(uow: UnitOfWork, edition: Edition, person: Actor, action: str, target: Target) -> bool:
    declared = uow.kernel.guard.actions[action]
    on = target if declared.resource == target.type else guard.FORCE
    return uow.kernel.guard.judge(edition, person, action, on, uow.now()).allowed


def _asked(uow: UnitOfWork, row: AccessPolicySet) -> list[Approval]:
    query = select(Approval).where(
        Approval.state == "open", Approval.action == PUBLISH, Approval.expires_at > uow.now()
    )
    return [one for one in uow.session.scalars(query) if str(row.id) in one.resource_ids]


def _said(reason: str) -> str:
    if len(reason.strip()) < 5:
        raise InvalidInput("Give the reason in a few words; it goes into the audit log.")
    return reason.strip()
