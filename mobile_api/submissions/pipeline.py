"""The one way in for records: decide, record once, expect evidence, check, answer. One commit.

    insert first (UNIQUE instance_id) ─ already there → same content: the same answer; other: 409
    hold against the form → content, slots for files → checks under the form's purpose → feedback

A record is never lost for want of a right to check: it is recorded and the feedback says so.
About 16 statements with two subjects and a hit: gate, form, insert, content, held evidence, slots,
the checks' own (see `checks.asking`), links, and two for the audit rows.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mobile_api.checks import Question, ask_all
from mobile_api.evidence import Owner, expect, slots_of
from mobile_api.forms import Current, FormNotFound, find_version
from mobile_api.submissions.answers import Settled, settle
from mobile_api.submissions.document import SubmittedDocument
from mobile_api.submissions.errors import (
    FormVersionUnknown,
    SubmissionDiffers,
    SubmissionOfAnother,
)
from mobile_api.submissions.feedback import answer_of, recalled
from mobile_api.submissions.models import Submission, SubmissionCheck, SubmissionVersion
from muster.kernel import guard
from muster.kernel.guard import Denied, Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into
from muster.ondevice.subjects import Normalised, SubjectError, normalise


@dataclass(frozen=True)
class Received:
    """The answer (JSON values) and whether this call made the record."""

    answer: dict[str, Any]
    created: bool


def receive(uow: UnitOfWork, author: Actor, document: SubmittedDocument) -> Received:
    """Record a document as its author's, or answer again what was answered to the same one.

    Raises `Denied`, `FormVersionUnknown`, `SubmissionInvalid`, `SubmissionDiffers` for other
    content under a known instance id, `SubmissionOfAnother` for another officer's record.
    """
    target = Target(
        "Record",
        str(document.instance_id),
        {"own": True},
        author.person.unit_path if author.person else None,
    )
    decision = guard.require(uow, author, "field.record.create", target)
    try:
        form = find_version(uow, document.form_id, document.form_version)
    except FormNotFound as error:
        raise FormVersionUnknown from error
    content_hash = document.content_hash()
    settled = settle(form.version.fields, document)
    submission = _insert(uow, author, document, form, settled)
    if submission is None:
        received = _again(uow, author, document, content_hash)
        decision.note(record=received.answer["record_id"], replayed=True)
        return received
    version = SubmissionVersion(
        id=uuid7(),
        submission_id=submission.id,
        instance_id=submission.instance_id,
        form_version_id=form.version.id,
        content_hash=content_hash,
        answers=settled.answers,
    )
    uow.session.add(version)
    uow.session.flush()
    owner = Owner(submission.instance_id, submission.officer_id, submission.device_id)
    slots = expect(uow, version.id, owner, settled.files)
    checks, feedback = _check(uow, author, form, settled, version)
    uow.session.add_all(checks)
    decision.note(
        record=str(submission.id),
        form=document.form_id,
        version=document.form_version,
        files=len(slots),
        checks=sum(check.check_id is not None for check in checks),
    )
    return Received(answer_of(submission, slots, checks, feedback), created=True)


def _insert(
    uow: UnitOfWork, author: Actor, document: SubmittedDocument, form: Current, settled: Settled
) -> Submission | None:
    """Insert the record, or return None if the instance is there: whoever is second waits here."""
    assert author.person is not None, "only officers are permitted to make records"
    person, place = author.person, settled.place
    row = {
        "id": uuid7(),
        "instance_id": document.instance_id,
        "form_id": form.form.id,
        "officer_id": person.id,
        "officer_number": person.number,
        "unit_id": person.unit_id,
        "device_id": author.device.id if author.device else None,
        "session_id": author.session_id,
        "surface": author.surface,
        "incident": settled.incident,
        "state": "recorded",
        "device_time": document.device_time,
        "received_at": uow.now(),
        "lon": place.lon if place else None,
        "lat": place.lat if place else None,
        "datum": place.datum if place else None,
        "original_lon": place.original_lon if place else None,
        "original_lat": place.original_lat if place else None,
        "accuracy_m": place.accuracy_m if place else None,
    }
    insert = (
        insert_into(uow.kernel.db, Submission)
        .values(row)
        .on_conflict_do_nothing(index_elements=["instance_id"])
        .returning(Submission.id)
    )
    made = uow.session.execute(insert).scalar_one_or_none()
    return Submission(**row) if made is not None else None


def _again(
    uow: UnitOfWork, author: Actor, document: SubmittedDocument, content_hash: str
) -> Received:
    submission, version = uow.session.execute(
        select(Submission, SubmissionVersion)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(Submission.instance_id == document.instance_id, SubmissionVersion.current)
    ).one()
    if submission.officer_id != author.id:
        raise SubmissionOfAnother
    if version.content_hash != content_hash:
        raise SubmissionDiffers
    checks, feedback = recalled(uow, version)
    answer = answer_of(submission, slots_of(uow, version.id), checks, feedback)
    return Received(answer, created=False)


def _check(
    uow: UnitOfWork, author: Actor, form: Current, settled: Settled, version: SubmissionVersion
) -> tuple[list[SubmissionCheck], list[dict[str, Any] | None]]:
    """Check every subject the form binds; return the links and, beside each, its answer."""
    links: list[SubmissionCheck] = []
    questions: dict[int, Question] = {}
    for path, kind in form.version.bindings:
        raw = settled.answers.get(path)
        if raw is None:
            continue
        link = SubmissionCheck(id=uuid7(), version_id=version.id, path=path, kind=kind)
        try:
            reading = normalise(kind, str(raw))
        except SubjectError as error:
            link.code, link.detail = "check_subject_unreadable", f"{error}."
        else:
            questions[len(links)] = _question(reading, str(raw), form, settled)
        links.append(link)
    feedback: list[dict[str, Any] | None] = [None] * len(links)
    outcomes = ask_all(uow, author, list(questions.values())) if questions else []
    for number, outcome in zip(questions, outcomes, strict=True):
        _settle_link(links[number], outcome)
        feedback[number] = None if isinstance(outcome, Denied) else outcome
    return links, feedback


def _question(reading: Normalised, raw: str, form: Current, settled: Settled) -> Question:
    return Question(
        reading,
        raw,
        purpose=form.version.purpose,
        case_ref=settled.incident,
        reason=f"{form.form.form_id} {form.version.version}",
        place=settled.place,
    )


def _settle_link(link: SubmissionCheck, outcome: dict[str, Any] | Denied) -> None:
    if isinstance(outcome, Denied):
        link.code, link.detail = outcome.code, outcome.detail[:500]
    else:
        link.check_id = UUID(outcome["check_id"])
