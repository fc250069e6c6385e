"""The audit log for auditors, `/admin/v1/audit`, and one's own for officers."""

import base64
import json
from typing import Any
from uuid import UUID

from flask import Response

from muster.kernel.audit import merkle, notes, service
from muster.kernel.audit.live import Live
from muster.kernel.audit.schemas import (
    CheckpointSchema,
    ConsistencyQuery,
    ConsistencySchema,
    EntryQuery,
    ExportSchema,
    OwnEntrySchema,
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
    PageQuery,
    actor,
    decode_number,
    encode,
    kernel,
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

own = Blueprint(
    "own_log", __name__, audience="field", url_prefix="/mobile/v1/me", description="One's own log"
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


@blp.route("/consistency", auth=Auth.CONSOLE, actions=("audit.log.prove",))
@blp.arguments(ConsistencyQuery, location="query")
@blp.response(200, ConsistencySchema)
def prove_consistency(query: dict[str, Any]) -> dict[str, Any]:
    """Prove that the log only grew since it was `old` entries long."""
    path, note = service.prove_consistency(uow(), actor(), query["old"])
    return {
        "old": query["old"],
        "size": notes.parse(note).size,
        "path": [step.hex() for step in path],
        "note": note,
        "algorithm": merkle.ALGORITHM,
    }


@blp.route("/checkpoint", auth=Auth.CONSOLE, actions=("audit.log.prove",))
@blp.response(200, CheckpointSchema)
def read_checkpoint() -> dict[str, Any]:
    """Read the newest checkpoint with its witnesses' cosignatures: the one to keep elsewhere."""
    return {
        "note": service.checkpoint(uow(), actor()),
        "verifier_keys": [str(key) for key in Live(uow()).verifier_keys()],
        "witness_keys": list(kernel().settings.witness_keys),
    }


@blp.route("/tile/<int:level>/<path:index>", auth=Auth.CONSOLE, actions=("audit.log.prove",))
@blp.doc(responses={"200": {"description": "Hashes of 32 bytes (C2SP tlog-tiles)"}})
def read_tile(level: int, index: str) -> Response:
    """Read one tile of the tree, as monitors do."""
    hashes = service.tile(uow(), actor(), level, index)
    return Response(hashes, mimetype="application/octet-stream")


@blp.route(
    "/exports",
    methods=["POST"],
    mode=Mode.READS,
    auth=Auth.CONSOLE,
    actions=("audit.entry.export",),
)
@blp.arguments(ExportSchema)
@blp.doc(responses={"200": {"description": "One entry a line (application/x-ndjson)"}})
def export_entries(body: dict[str, Any]) -> Response:
    """Hand entries out, up to 10 000 at once; `Muster-Next` is the cursor for the rest."""
    after = decode_number(body.pop("after"))
    found = service.export(uow(), actor(), after=after, **body)
    lines = (json.dumps(one.document, ensure_ascii=False) + "\n" for one in found.items)
    answer = Response("".join(lines), mimetype="application/x-ndjson")
    if found.next is not None:
        answer.headers["Muster-Next"] = encode([found.next])
    answer.headers.set("Content-Disposition", "attachment", filename="audit.jsonl")
    return answer


@own.route("/log", auth=Auth.FIELD, actions=("audit.own.read",))
@own.arguments(PageQuery, location="query")
@own.response(200, page_schema(OwnEntrySchema))
def read_own_log(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """What the log says you did, newest first."""
    after = decode_number(query["after"])
    found = service.own_log(uow(), actor(), after=after, limit=query["limit"])
    names = OwnEntrySchema().fields
    items = [
        {"device_id": None, **{k: v for k, v in one.document.items() if k in names}, "at": one.at}
        for one in found.items
    ]
    return Page(items, encode([found.next]) if found.next is not None else None)


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
