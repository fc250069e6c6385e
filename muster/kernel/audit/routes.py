"""The audit log for auditors: `/admin/v1/audit`."""

import base64
from typing import Any
from uuid import UUID

from muster.kernel.audit import service
from muster.kernel.audit.live import Live
from muster.kernel.audit.schemas import (
    EntryQuery,
    ProofSchema,
    RecordedSchema,
    SubjectSearchSchema,
    VerdictSchema,
)
from muster.kernel.audit.search import Page as Found
from muster.kernel.audit.search import Recorded
from muster.kernel.web import (
    Auth,
    Blueprint,
    Mode,
    Page,
    actor,
    decode_number,
    encode,
    page_schema,
    uow,
)

blp = Blueprint(
    "audit",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/audit",
    description="Who did what, why, and the proof of it",
)


@blp.route("/entries", auth=Auth.CONSOLE, actions=("audit.entry.list",))
@blp.arguments(EntryQuery, location="query")
@blp.response(200, page_schema(RecordedSchema))
def list_entries(query: dict[str, Any]) -> Page[Recorded]:
    """List entries, newest first."""
    after = decode_number(query.pop("after"))
    return _page(service.listing(uow(), actor(), after=after, **query))


@blp.route("/entries/<uuid:entry_id>", auth=Auth.CONSOLE, actions=("audit.entry.read",))
@blp.response(200, RecordedSchema)
def read_entry(entry_id: UUID) -> Recorded:
    """Read one entry."""
    return service.read(uow(), actor(), entry_id)


@blp.route("/entries/<uuid:entry_id>/proof", auth=Auth.CONSOLE, actions=("audit.entry.prove",))
@blp.response(200, ProofSchema)
def prove_entry(entry_id: UUID) -> dict[str, Any]:
    """Prove that one entry is in the log."""
    proof = service.prove(uow(), actor(), entry_id)
    return {
        "entry": base64.b64encode(proof.entry).decode(),
        "seq": proof.seq,
        "size": proof.size,
        "path": [step.hex() for step in proof.path],
        "note": proof.note,
        "algorithm": proof.algorithm,
        "verifier_keys": [str(key) for key in Live(uow()).verifier_keys()],
    }


@blp.route(
    "/subject-searches",
    methods=["POST"],
    mode=Mode.READS,
    auth=Auth.CONSOLE,
    actions=("audit.subject.search",),
)
@blp.arguments(SubjectSearchSchema)
@blp.response(200, page_schema(RecordedSchema))
def search_subject(body: dict[str, Any]) -> Page[Recorded]:
    """Answer "who looked up this subject, and why"."""
    return _page(service.who_looked_up(uow(), actor(), **body))


@blp.route(
    "/verifications",
    methods=["POST"],
    mode=Mode.READS,
    auth=Auth.CONSOLE,
    actions=("audit.log.verify",),
)
@blp.response(200, VerdictSchema)
def verify_log() -> dict[str, Any]:
    """Walk the whole log and say whether it is what was signed."""
    verdict = service.verify(uow(), actor())
    return {
        "sound": verdict.ok,
        "size": verdict.size,
        "checkpoints": verdict.checkpoints,
        "first_bad": verdict.first_bad,
        "sentence": str(verdict),
    }


def _page(found: Found) -> Page[Recorded]:
    return Page(found.items, encode([found.next]) if found.next is not None else None)
