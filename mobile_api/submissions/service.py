"""Reading records: one's own from the field; those of one's units at the console."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mobile_api.evidence import AttachmentSlot, content_of, slots_of
from mobile_api.forms import Form, FormVersion
from mobile_api.submissions.errors import RecordNotFound
from mobile_api.submissions.feedback import answer_of, recalled
from mobile_api.submissions.models import Submission, SubmissionCheck, SubmissionVersion
from muster.kernel import guard
from muster.kernel.blobs import Blob
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Line:
    """A record in a list."""

    submission: Submission
    form: Form


@dataclass(frozen=True)
class Detail:
    """A record with its content and, of its checks, the references."""

    submission: Submission
    version: SubmissionVersion
    form: Form
    form_version: FormVersion
    slots: Sequence[AttachmentSlot]
    checks: Sequence[SubmissionCheck]


def own(uow: UnitOfWork, actor: Actor, record_id: UUID) -> dict[str, Any]:
    """Return one's own record as it was answered, with its answers."""
    submission, version = _find(uow, record_id)
    guard.require(uow, actor, "field.record.read", _target(uow, actor, submission))
    checks, feedback = recalled(uow, version)
    answer = answer_of(submission, slots_of(uow, version.id), checks, feedback)
    return {**answer, "answers": version.answers}


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    incident: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Line]:
    """Return up to `limit + 1` records of the supervisor's units, newest first, beyond `after`."""
    guard.require(uow, actor, "field.record.list", guard.FORCE)
    statement = (
        select(Submission, Form)
        .join(Form, Form.id == Submission.form_id)
        .where(guard.visible(uow, actor, "field.record.review", "Record"))
        .order_by(Submission.id.desc())
        .limit(limit + 1)
    )
    if incident:
        statement = statement.where(Submission.incident == incident)
    if after is not None:
        statement = statement.where(Submission.id < after)
    return [Line(*row) for row in uow.session.execute(statement)]


def review(uow: UnitOfWork, actor: Actor, record_id: UUID) -> Detail:
    """Return a record of the supervisor's units with its content."""
    submission, version = _find(uow, record_id)
    guard.require(uow, actor, "field.record.review", _target(uow, actor, submission))
    return Detail(
        submission,
        version,
        uow.session.get_one(Form, submission.form_id),
        uow.session.get_one(FormVersion, version.form_version_id),
        slots_of(uow, version.id),
        uow.session.scalars(
            select(SubmissionCheck)
            .where(SubmissionCheck.version_id == version.id)
            .order_by(SubmissionCheck.id)
        ).all(),
    )


def attachment(
    uow: UnitOfWork, actor: Actor, record_id: UUID, name: str
) -> tuple[Blob, Iterator[bytes]]:
    """Return a file of a record; its audit row is in before the first byte leaves."""
    submission, version = _find(uow, record_id)
    decision = guard.require(uow, actor, "field.record.see_file", _target(uow, actor, submission))
    blob, content = content_of(uow, version.id, name)
    decision.note(blob=str(blob.id), sha256=blob.sha256)
    return blob, content


def _find(uow: UnitOfWork, record_id: UUID) -> tuple[Submission, SubmissionVersion]:
    row = uow.session.execute(
        select(Submission, SubmissionVersion)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(Submission.id == record_id, SubmissionVersion.current)
    ).first()
    if row is None:
        raise RecordNotFound
    return row[0], row[1]


def _target(uow: UnitOfWork, actor: Actor, submission: Submission) -> Target:
    return Target(
        "Record",
        str(submission.id),
        {"own": submission.officer_id == actor.id},
        uow.kernel.people.unit(submission.unit_id).path,
    )
