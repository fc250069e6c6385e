"""Decide and record in one call: `require` is the line every use case begins with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from muster.kernel import observe
from muster.kernel.audit import operations
from muster.kernel.audit.each_minute import EachMinute
from muster.kernel.audit.entry import Entry
from muster.kernel.errors import catalogue
from muster.kernel.guard.edition import Verdict
from muster.kernel.guard.errors import Denied, GuardError, ScopeMissing, StepUpRequired
from muster.kernel.guard.fragments import Audited, Target
from muster.kernel.guard.rules import Rule
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import Subject


@dataclass
class Decision:
    """A permission and its open audit entry; the use case adds what it learnt."""

    entry: Entry

    def note(
        self,
        *,
        subjects: Iterable[Subject] = (),
        reason: str = "",
        recipient: str = "",
        requestor: str = "",
        **result: Any,
    ) -> "Decision":
        """Add who it was about, why, and result codes, counts or references; never content.

        `recipient` is who was given the data, `requestor` for whom the actor did it (AU-3(3)).
        """
        self.entry.subjects.extend(subjects)
        self.entry.result.update(result)
        self.entry.reason = reason or self.entry.reason
        self.entry.recipient = recipient or self.entry.recipient
        self.entry.requestor = requestor or self.entry.requestor
        return self


def require(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    target: Target,
    *,
    purpose: str = "",
    case_ref: str = "",
    subjects: Iterable[Subject] = (),
) -> Decision:
    """Return the decision if the policies permit the act, else raise `Denied`.

    Either way the decision becomes an audit entry as the action's audit class says; a refusal's
    entry outlives the rollback.
    """
    guard = uow.kernel.guard
    declared = guard.actions.get(action)
    if declared is None or declared.resource != target.type:
        raise GuardError(f"{action!r} on {target.type} is not declared in any access.py")
    purpose = purpose or actor.purpose
    verdict = guard.decide(actor, action, target, uow.now(), purpose=purpose, case_ref=case_ref)
    outcome = "permitted" if verdict.allowed else "denied"
    observe.DECISIONS.labels(action, outcome).inc()
    entry = entry_for(uow, actor, action, target, verdict)
    entry.purpose, entry.case_ref = purpose, case_ref
    entry.subjects.extend(subjects)
    uow.decided.append(action)
    if not verdict.allowed:
        uow.record(entry)
        raise refusal(uow, actor, action, verdict)
    if declared.audited is Audited.ALWAYS or (
        declared.audited is Audited.COUNTED and _first_this_minute(entry)
    ):
        uow.record(entry)
    return Decision(entry)


def may(uow: UnitOfWork, actor: Actor, action: str, target: Target) -> bool:
    """Tell whether an act would be permitted, to offer or hide a button; nothing is recorded.

    What only wants a fresh sign-in is offered: the door asks for it.
    """
    signed_in_now = replace(actor, auth_at=uow.now()) if actor.auth_at else actor
    return uow.kernel.guard.decide(signed_in_now, action, target, uow.now()).allowed


def entry_for(
    uow: UnitOfWork, actor: Actor, action: str, target: Target, verdict: Verdict
) -> Entry:
    """Return an audit entry with the actor's facts filled in."""
    person, device = actor.person, actor.device
    operation = operations.of(action, uow.kernel.guard.actions[action].operation)
    client = actor.app.name if actor.app else ""
    return Entry(
        action=action,
        operation=operation,
        recipient=(device.label if device else client) if operation == "disclosure" else "",
        outcome="permitted" if verdict.allowed else "denied",
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        sworn=person.sworn if person else None,
        unit_id=person.unit_id if person else device.unit_id if device else None,
        device_id=device.id if device else None,
        session_id=actor.session_id,
        client=client,
        zone=actor.origin.zone,
        source=actor.origin.address,
        resource_type=target.type,
        resource_id=target.id,
        policies=verdict.policies,
        policy_set=verdict.set_id,
        request_id=actor.origin.request_id,
        at=uow.now(),
    )


def refusal(uow: UnitOfWork, actor: Actor, action: str, verdict: Verdict) -> Denied:
    """Return the problem a refused person sees: the rule, and what would lift it."""
    rules = [(name, uow.kernel.guard.rules.get(name, Rule())) for name in verdict.policies]
    for name, rule in rules:
        if rule.code or rule.advice:
            problem = catalogue().get(rule.code, Denied)
            problem = problem if issubclass(problem, Denied) else Denied
            extra: dict[str, Any] = {"rule": name, "action": action}
            if actor.device is not None and rule.code.startswith("posture"):
                extra["reasons"] = list(actor.device.reasons)
            if problem is StepUpRequired:
                extra["headers"] = _challenge(actor, uow.kernel.settings.step_up_minutes)
            if problem is ScopeMissing:
                scope = uow.kernel.guard.actions[action].scope
                extra |= {"scope": scope, "headers": _insufficient(scope)}
            refused = problem(rule.advice or None, **extra)
            refused.detail_zh = rule.advice_zh
            return refused
    return Denied(rule=verdict.policies[0] if verdict.policies else "default-deny", action=action)


def _challenge(actor: Actor, minutes: int) -> dict[str, str]:
    """Say what sign-in would do (RFC 9470 §3)."""
    scheme = "Bearer" if actor.surface == "console" else "DPoP"
    wanted = f'error="insufficient_user_authentication", max_age={minutes * 60}'
    return {"WWW-Authenticate": f"{scheme} {wanted}"}


def _insufficient(scope: str) -> dict[str, str]:
    """Say which scope would do (RFC 6750 §3.1)."""
    return {"WWW-Authenticate": f'DPoP error="insufficient_scope", scope="{scope}"'}


_counted = EachMinute()


def _first_this_minute(entry: Entry) -> bool:
    return _counted.first((entry.actor_id, entry.action), entry.at)
