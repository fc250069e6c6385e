"""From questions to answers: decide each, look all of them up at once, record, compose.

Statements, whatever the number of questions: purposes, registers in force, identifiers (names one
more), then one insert each for requests, sources and hits. The audit rows follow with the commit.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from mobile_api.checks.composing import Checked, compose
from mobile_api.checks.models import CheckHit, CheckRequest, CheckSource
from mobile_api.checks.purposes import Purpose, is_case_ref, known_purposes
from mobile_api.checks.rows import Question, hit_row, record_target, request_row, source_row
from mobile_api.registers import Found, Sources, WantedRecord, look_up, sources
from muster.kernel import guard
from muster.kernel.guard import Decision, Denied, Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.signals import SourceAnswer, SourceStatus, check_signal

MANDATORY: Final = frozenset({"wanted"})


@dataclass(frozen=True)
class _Permitted:
    question: Question
    purpose: Purpose
    decision: Decision
    began: float


def ask_all(
    uow: UnitOfWork, actor: Actor, questions: Sequence[Question]
) -> list[dict[str, Any] | Denied]:
    """Answer each question, or return its refusal in its place; every one has its audit entry."""
    known = known_purposes(uow)
    outcomes = [_decide(uow, actor, known, question) for question in questions]
    permitted = [one for one in outcomes if isinstance(one, _Permitted)]
    registers = sources(uow, {s for one in permitted for s in one.purpose.sources})
    found = look_up(uow, registers, [one.question.reading for one in permitted], uow.now())
    checked = [_check(uow, actor, one, registers, found) for one in permitted]
    _record(uow, checked)
    answers = iter([compose(one) for one in checked])
    return [one if isinstance(one, Denied) else next(answers) for one in outcomes]


def _record(uow: UnitOfWork, checked: Sequence[Checked]) -> None:
    """Add the rows, requests before what refers to them."""
    if checked:
        uow.session.add_all([one.request for one in checked])
        uow.session.flush()
    for one in checked:
        uow.session.add_all([*one.sources, *(hit for hit, _ in one.hits)])


def _decide(
    uow: UnitOfWork, actor: Actor, known: dict[str, Purpose], question: Question
) -> "_Permitted | Denied":
    began = time.perf_counter()
    purpose = known.get(question.purpose)
    subject = question.reading.subject
    target = Target(
        "Check",
        subject.kind,
        {
            "kind": subject.kind.value,
            "purpose_covers": purpose is not None and purpose.covers(actor.person),
            "case_ref_fits": is_case_ref(question.case_ref),
            "reason_given": purpose is None or purpose.satisfied_by(question.reason),
        },
    )
    try:
        decision = guard.require(
            uow,
            actor,
            "field.check.run",
            target,
            purpose=question.purpose,
            case_ref=question.case_ref,
            subjects=[subject],
        )
    except Denied as refusal:
        return refusal
    assert purpose is not None, "the policies refuse a purpose that is not known"
    return _Permitted(question, purpose, decision, began)


def _check(
    uow: UnitOfWork, actor: Actor, one: _Permitted, registers: Sources, found: Sequence[Found]
) -> Checked:
    reading, check_id = one.question.reading, uuid7()
    mine = [f for f in found if f.subject == reading and f.source in one.purpose.sources]
    request = request_row(uow, actor, check_id, one.question, one.decision.entry.id)
    took = time.perf_counter() - one.began
    answered = [
        source_row(check_id, name, reading, registers, mine, took) for name in one.purpose.sources
    ]
    wanted = [f for f in mine if isinstance(f.record, WantedRecord)]
    verdict = check_signal(
        wanted,
        [SourceAnswer(s.source, SourceStatus(s.status), s.source in MANDATORY) for s in answered],
    )
    request.signal, request.signal_reason = verdict.signal, verdict.reason[:200]
    request.redacted = bool(mine) and not _sees_detail(uow, actor, check_id, one)
    request.took_ms = round(took * 1000)
    hits = [(hit_row(check_id, f), f) for f in wanted]
    _note(one.decision, request, answered, [hit for hit, _ in hits])
    registered = [f for f in mine if not isinstance(f.record, WantedRecord)]
    return Checked(request, reading, answered, hits, registered)


def _note(
    decision: Decision,
    request: CheckRequest,
    answered: Sequence[CheckSource],
    hits: Sequence[CheckHit],
) -> None:
    """Add what came of it to the audit entry: references and codes, never content."""
    decision.note(
        check=str(request.id),
        signal=request.signal,
        sources={source.source: source.status for source in answered},
        hits=len(hits),
        records=[f"{hit.record_ref}/{hit.revision}" for hit in hits],
        redacted=request.redacted,
    )


def _sees_detail(uow: UnitOfWork, actor: Actor, check_id: UUID, one: _Permitted) -> bool:
    """Ask the guard and leave its answer on record, refused or not."""
    assert actor.person is not None, "only officers are permitted to ask"
    target = record_target(
        check_id, one.question.reading.subject.kind, actor.person.unit_path, own=True
    )
    try:
        guard.require(
            uow,
            actor,
            "field.check.see_detail",
            target,
            purpose=one.question.purpose,
            case_ref=one.question.case_ref,
            subjects=[one.question.reading.subject],
        )
    except Denied:
        return False
    return True
