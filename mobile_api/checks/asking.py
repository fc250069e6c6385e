"""From questions to answers: decide each, look all of them up at once, record, compose.

Statements, whatever the number of questions: purposes, registers in force, identifiers (names one
more), then one insert each for requests, sources and hits. The audit rows follow with the commit.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from mobile_api.checks.composing import DEADLINE_MS, SCORES, Checked, compose
from mobile_api.checks.models import CheckHit, CheckRequest, CheckSource
from mobile_api.checks.purposes import Purpose, is_case_ref, known_purposes
from mobile_api.places import Place
from mobile_api.registers import Found, Sources, WantedRecord, look_up, sources
from muster.kernel import guard
from muster.kernel.guard import Decision, Denied, Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.signals import SourceAnswer, SourceStatus, check_signal
from muster.ondevice.subjects import Normalised, SubjectKind

RETAINED: Final = timedelta(days=3 * 365)  # SIS 2018/1862 Art. 12 keeps logs of searches so long
MANDATORY: Final = frozenset({"wanted"})
_ANSWERS: Final = {
    "wanted": frozenset(SubjectKind),
    "persons": frozenset({SubjectKind.PERSON_ID, SubjectKind.NAME}),
    "vehicles": frozenset({SubjectKind.PLATE, SubjectKind.VIN}),
}


@dataclass(frozen=True)
class Question:
    """One subject, and why it is asked about. `raw` is what was typed or scanned."""

    reading: Normalised
    raw: str
    purpose: str
    case_ref: str
    reason: str = ""
    place: Place | None = None


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
    request = _request(uow, actor, one, check_id)
    took = time.perf_counter() - one.began
    answered = [
        _source(check_id, name, reading, registers, mine, took) for name in one.purpose.sources
    ]
    wanted = [f for f in mine if isinstance(f.record, WantedRecord)]
    verdict = check_signal(
        wanted,
        [SourceAnswer(s.source, SourceStatus(s.status), s.source in MANDATORY) for s in answered],
    )
    request.signal, request.signal_reason = verdict.signal, verdict.reason[:200]
    request.redacted = bool(mine) and not _sees_detail(uow, actor, check_id, one)
    request.took_ms = round(took * 1000)
    hits = [(_hit(check_id, f), f) for f in wanted]
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


def record_target(check_id: UUID, kind: str, unit_path: str, *, own: bool) -> Target:
    """Return a check as the guard sees it once it is on record."""
    return Target("CheckRecord", str(check_id), {"own": own, "kind": str(kind)}, unit_path)


def _request(uow: UnitOfWork, actor: Actor, one: _Permitted, check_id: UUID) -> CheckRequest:
    question, person, now = one.question, actor.person, uow.now()
    assert person is not None, "only officers are permitted to ask"
    asked = {
        "raw": question.raw,
        "normal_form": question.reading.subject.normal_form,
        "reason": question.reason,
        "place": question.place.as_json() if question.place else None,
    }
    plain = json.dumps(asked, ensure_ascii=False).encode()
    return CheckRequest(
        id=check_id,
        officer_id=person.id,
        officer_number=person.number,
        unit_id=person.unit_id,
        device_id=actor.device.id if actor.device else None,
        session_id=actor.session_id,
        audit_id=one.decision.entry.id,
        purpose=question.purpose,
        case_ref=question.case_ref,
        kind=question.reading.subject.kind,
        sealed=uow.kernel.keys.seal("copies", plain, seal_place(check_id)),
        asked_at=now,
        retain_until=now + RETAINED,
    )


def seal_place(check_id: UUID) -> bytes:
    """Return what binds the sealed question to its row."""
    return b"field_check_request:" + check_id.bytes


def _source(
    check_id: UUID,
    name: str,
    reading: Normalised,
    registers: Sources,
    found: Sequence[Found],
    took: float,
) -> CheckSource:
    version = registers.get(name)
    count = sum(one.source == name for one in found)
    if reading.subject.kind not in _ANSWERS.get(name, ()):
        status = SourceStatus.UNSUPPORTED
    elif version is None:
        status = SourceStatus.UNAVAILABLE
    else:
        status = SourceStatus.HIT if count else SourceStatus.NO_RECORD
    return CheckSource(
        check_id=check_id,
        source=name,
        status=status,
        as_of=version.created_at if version else None,
        latency_ms=min(round(took * 1000), DEADLINE_MS),
        version=version.id if version else None,
        hits=count,
    )


def _hit(check_id: UUID, found: Found) -> CheckHit:
    record = found.record
    assert isinstance(record, WantedRecord)
    return CheckHit(
        id=uuid7(),
        check_id=check_id,
        source=found.source,
        record_id=record.id,
        record_ref=record.record_ref,
        revision=record.revision,
        basis=found.basis,
        score=SCORES[found.basis],
    )
