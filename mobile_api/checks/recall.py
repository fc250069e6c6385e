"""Answers given earlier, composed again from the very register versions they came from."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mobile_api.checks.composing import Checked, compose
from mobile_api.checks.models import CheckHit, CheckRequest, CheckSource
from mobile_api.checks.rows import seal_place
from mobile_api.imports import ImportVersion
from mobile_api.registers import WantedRecord, look_up
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import normalise


def recall(
    uow: UnitOfWork, requests: Sequence[CheckRequest], *, redacted: bool = False
) -> list[dict[str, Any]]:
    """Return the answers of checks, in their order; what was redacted stays so."""
    ids = [request.id for request in requests]
    sources = _by_check(uow, CheckSource, ids)
    hits = _by_check(uow, CheckHit, ids)
    named = {s.version for rows in sources.values() for s in rows if s.version}
    versions = {
        version.id: version
        for version in uow.session.scalars(select(ImportVersion).where(ImportVersion.id.in_(named)))
    }
    return [
        compose(
            _checked(uow, request, sources[request.id], hits[request.id], versions),
            redacted=redacted,
        )
        for request in requests
    ]


def question_of(uow: UnitOfWork, request: CheckRequest) -> dict[str, Any]:
    """Open what was asked: raw text, normal form, reason and place."""
    plain = uow.kernel.keys.open("copies", request.sealed, seal_place(request.id))
    asked: dict[str, Any] = json.loads(plain)
    return asked


def _checked(
    uow: UnitOfWork,
    request: CheckRequest,
    sources: Sequence[CheckSource],
    hits: Sequence[CheckHit],
    versions: dict[UUID, ImportVersion],
) -> Checked:
    reading = normalise(request.kind, question_of(uow, request)["raw"])
    registers = {s.source: versions[s.version] for s in sources if s.version in versions}
    found = look_up(uow, registers, [reading], request.asked_at)
    by_record = {one.record.id: one for one in found}
    return Checked(
        request,
        reading,
        sources,
        [(hit, by_record[hit.record_id]) for hit in hits if hit.record_id in by_record],
        [one for one in found if not isinstance(one.record, WantedRecord)],
    )


def _by_check(uow: UnitOfWork, model: Any, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Read parts of checks in the order they were first answered in."""
    order = model.id if model is CheckHit else model.source
    rows: dict[UUID, list[Any]] = {check_id: [] for check_id in ids}
    for row in uow.session.scalars(select(model).where(model.check_id.in_(ids)).order_by(order)):
        rows[row.check_id].append(row)
    return rows
