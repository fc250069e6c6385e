"""Use cases of checks: ask, read one's own answer again, review who asked what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.checks.asking import ask_all
from mobile_api.checks.errors import CheckNotFound, SubjectUnreadable
from mobile_api.checks.models import CheckRequest
from mobile_api.checks.purposes import Purpose, known_purposes
from mobile_api.checks.recall import question_of, recall
from mobile_api.checks.rows import Question, record_target
from mobile_api.places import Place
from muster.kernel import guard
from muster.kernel.errors import Fault
from muster.kernel.guard import Denied, Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import SubjectError, SubjectKind, name_text, normalise

PER_MINUTE: Final = 60
_SHOWN: Final = 2


@dataclass(frozen=True)
class LogLine:
    """A check as those who review see it: the subject is masked."""

    request: CheckRequest
    subject: str


def ask(uow: UnitOfWork, actor: Actor, body: Mapping[str, Any]) -> dict[str, Any]:
    """Check one subject for a purpose and a case, and return the handheld's answer.

    `body` is a loaded `CheckSchema`. Raises `SubjectUnreadable`, `Denied` by its many names, and
    `TooManyRequests` beyond 60 in a minute. Ten statements without a hit and eleven
    with one, gate, idempotent answer and audit included.
    """
    question = _question(body)
    answer = ask_all(uow, actor, [question])[0]
    if isinstance(answer, Denied):
        raise answer
    uow.kernel.limits.hit("checks", str(actor.id), PER_MINUTE, 60)
    return answer


def read(uow: UnitOfWork, actor: Actor, check_id: UUID) -> dict[str, Any]:
    """Return the answer to a check of one's own; raises `CheckNotFound`."""
    request = uow.session.get(CheckRequest, check_id)
    if request is None:
        raise CheckNotFound
    guard.require(uow, actor, "field.check.read", _target(uow, actor, request))
    redacted = request.redacted or not _still_sees(uow, actor, request)
    return recall(uow, [request], redacted=redacted)[0]


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[LogLine]:
    """Return up to `limit + 1` checks of the reviewer's units, newest first, beyond `after`."""
    guard.require(uow, actor, "field.check.list", guard.FORCE)
    statement = (
        select(CheckRequest)
        .where(guard.visible(uow, actor, "field.check.review", "CheckRecord"))
        .order_by(CheckRequest.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(CheckRequest.id < after)
    rows = uow.session.scalars(statement)
    return [LogLine(row, masked(question_of(uow, row)["normal_form"])) for row in rows]


def lines(uow: UnitOfWork, actor: Actor, check_ids: Sequence[UUID]) -> Sequence[LogLine]:
    """Return those of these checks that are of the reviewer's units, oldest first."""
    guard.require(uow, actor, "field.check.list", guard.FORCE).note(checks=len(check_ids))
    statement = select(CheckRequest).where(
        CheckRequest.id.in_(check_ids),
        guard.visible(uow, actor, "field.check.review", "CheckRecord"),
    )
    rows = uow.session.scalars(statement.order_by(CheckRequest.id))
    return [LogLine(row, masked(question_of(uow, row)["normal_form"])) for row in rows]


def purposes(uow: UnitOfWork, actor: Actor) -> Sequence[Purpose]:
    """Return the purposes that cover this officer."""
    guard.require(uow, actor, "field.purpose.read", guard.FORCE)
    return [one for one in known_purposes(uow).values() if one.covers(actor.person)]


def masked(form: str) -> str:
    """Return a normal form with all but its ends hidden: enough to recognise, not to look up."""
    if len(form) <= 2 * _SHOWN:
        return "•" * len(form)
    return form[:_SHOWN] + "•" * (len(form) - 2 * _SHOWN) + form[-_SHOWN:]


def _question(body: Mapping[str, Any]) -> Question:
    kind = SubjectKind(body["kind"])
    named = kind is SubjectKind.NAME
    raw = name_text(body["name"], body["dob"]) if named else body["value"]
    try:
        reading = normalise(kind, raw)
    except SubjectError as error:
        pointer = "/name" if named else "/value"
        raise SubjectUnreadable(f"{error}.", errors=[Fault(pointer, f"{error}.")]) from error
    return Question(
        reading,
        raw,
        body["purpose"],
        body["case_ref"],
        body["reason"],
        Place.read(body["place"]) if body["place"] else None,
    )


def _target(uow: UnitOfWork, actor: Actor, request: CheckRequest) -> Target:
    unit = uow.kernel.people.unit(request.unit_id)
    own = request.officer_id == actor.id
    return record_target(request.id, request.kind, unit.path, own=own)


def _still_sees(uow: UnitOfWork, actor: Actor, request: CheckRequest) -> bool:
    try:
        guard.require(uow, actor, "field.check.see_detail", _target(uow, actor, request))
    except Denied:
        return False
    return True
