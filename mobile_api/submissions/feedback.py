"""The answer to a record: what is still expected, and what its subjects' checks came to."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from mobile_api.checks import CheckRequest, recall
from mobile_api.evidence import TARGET_NAME, AttachmentSlot
from mobile_api.submissions.models import Submission, SubmissionCheck, SubmissionVersion
from muster.kernel.clock import rfc3339
from muster.kernel.uow import UnitOfWork
from muster.ondevice.signals import Signal

_WORST_FIRST: Final = (Signal.RED, Signal.AMBER, Signal.GREY, Signal.GREEN)
NOT_CHECKED: Final = "not_checked"


def answer_of(
    submission: Submission,
    slots: Sequence[AttachmentSlot],
    checks: Sequence[SubmissionCheck],
    feedback: Sequence[dict[str, Any] | None],
) -> dict[str, Any]:
    """Return the answer as JSON values; `feedback` holds each check's answer, None if refused."""
    told = [_check(*pair) for pair in zip(checks, feedback, strict=True)]
    signals = {check["signal"] for check in told}
    return {
        "record_id": str(submission.id),
        "instance_id": str(submission.instance_id),
        "state": submission.state,
        "received_at": rfc3339(submission.received_at),
        "incident": submission.incident,
        "attachments": [_slot(slot) for slot in slots],
        "feedback": {
            "signal": next((s.value for s in _WORST_FIRST if s in signals), Signal.GREY.value),
            "checks": told,
        },
    }


def recalled(
    uow: UnitOfWork, version: SubmissionVersion
) -> tuple[list[SubmissionCheck], list[dict[str, Any] | None]]:
    """Return the checks of a record and their answers as they were given."""
    checks = list(
        uow.session.scalars(
            select(SubmissionCheck)
            .where(SubmissionCheck.version_id == version.id)
            .order_by(SubmissionCheck.id)
        )
    )
    ids = [check.check_id for check in checks if check.check_id is not None]
    requests = list(uow.session.scalars(select(CheckRequest).where(CheckRequest.id.in_(ids))))
    answers = {a["check_id"]: a for a in recall(uow, requests)} if requests else {}
    return checks, [answers.get(str(check.check_id)) for check in checks]


def _check(check: SubmissionCheck, answer: dict[str, Any] | None) -> dict[str, Any]:
    if answer is not None:
        return {"path": check.path, **answer}
    return {
        "path": check.path,
        "state": NOT_CHECKED,
        "signal": Signal.GREY.value,
        "signal_reason": "not checked",
        "subject": {"kind": check.kind},
        "code": check.code,
        "detail": check.detail,
    }


def _slot(slot: AttachmentSlot) -> dict[str, Any]:
    told: dict[str, Any] = {"name": slot.name, "state": slot.state, "upload": None}
    if slot.state == "missing":
        metadata = {"instance_id": str(slot.instance_id), "name": slot.name}
        if slot.sha256:
            metadata["sha256"] = slot.sha256
        told["upload"] = {"target": TARGET_NAME, "metadata": metadata}
    return told
