"""Decide and record in one call: `require` is the line every use case begins with."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from muster.kernel import observe
from muster.kernel.audit.entry import Entry
from muster.kernel.errors import catalogue
from muster.kernel.guard.engine import Rule, Verdict
from muster.kernel.guard.errors import Denied, GuardError
from muster.kernel.guard.fragments import Audited, Target
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import Subject


@dataclass
class Decision:
    """A permission and its open audit entry; the use case adds what it learnt."""

    entry: Entry

    def note(
        self, *, subjects: Iterable[Subject] = (), reason: str = "", **result: Any
    ) -> "Decision":
        """Add who it was about, why, and result codes, counts or references; never content."""
        self.entry.subjects.extend(subjects)
        self.entry.result.update(result)
        if reason:
            self.entry.reason = reason
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
    """Tell whether an act would be permitted, to offer or hide a button; nothing is recorded."""
    return uow.kernel.guard.decide(actor, action, target, uow.now()).allowed


def entry_for(
    uow: UnitOfWork, actor: Actor, action: str, target: Target, verdict: Verdict
) -> Entry:
    """Return an audit entry with the actor's facts filled in."""
    person, device = actor.person, actor.device
    return Entry(
        action=action,
        outcome="permitted" if verdict.allowed else "denied",
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        sworn=person.sworn if person else None,
        unit_id=person.unit_id if person else device.unit_id if device else None,
        device_id=device.id if device else None,
        session_id=actor.session_id,
        client=actor.app.name if actor.app else "",
        zone=actor.origin.zone,
        source=actor.origin.address,
        resource_type=target.type,
        resource_id=target.id,
        policies=verdict.policies,
        policy_set=uow.kernel.guard.set_id,
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
            return problem(rule.advice or None, **extra)
    return Denied(rule=verdict.policies[0] if verdict.policies else "default-deny", action=action)


_minute_lock = threading.Lock()
_minute: tuple[int, set[tuple[object, str]]] = (0, set())


def _first_this_minute(entry: Entry) -> bool:
    global _minute  # noqa: PLW0603 - one register per process, renewed each minute
    now, key = int(entry.at.timestamp() // 60), (entry.actor_id, entry.action)
    with _minute_lock:
        if _minute[0] != now:
            _minute = (now, set())
        if key in _minute[1]:
            return False
        _minute[1].add(key)
        return True
