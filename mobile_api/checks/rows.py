"""The rows of a check: what was asked, sealed; how registers answered; what they found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from mobile_api.checks.composing import DEADLINE_MS, SCORES
from mobile_api.checks.models import CheckHit, CheckRequest, CheckSource
from mobile_api.places import Place
from mobile_api.registers import Found, Sources, WantedRecord
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.signals import SourceStatus
from muster.ondevice.subjects import Normalised, SubjectKind

RETAINED: Final = timedelta(days=3 * 365)  # SIS 2018/1862 Art. 12 keeps logs of searches so long
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


def record_target(check_id: UUID, kind: str, unit_path: str, *, own: bool) -> Target:
    """Return a check as the guard sees it once it is on record."""
    return Target("CheckRecord", str(check_id), {"own": own, "kind": str(kind)}, unit_path)


def request_row(
    uow: UnitOfWork, actor: Actor, check_id: UUID, question: Question, audit_id: UUID
) -> CheckRequest:
    """Return the row of a check; what was asked is sealed, the verdict is still to be set."""
    person, now = actor.person, uow.now()
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
        audit_id=audit_id,
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


def source_row(
    check_id: UUID,
    name: str,
    reading: Normalised,
    registers: Sources,
    found: Sequence[Found],
    took: float,
) -> CheckSource:
    """Return how one register answered about a subject."""
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


def hit_row(check_id: UUID, found: Found) -> CheckHit:
    """Return the row of a hit: references to the record, none of its content."""
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
