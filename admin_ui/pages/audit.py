"""The log of everything decided, and whether it is still whole."""

import base64
from datetime import timedelta
from typing import Any, Final, cast, get_args
from uuid import UUID

from flask import Response, jsonify, url_for
from flask_babel import gettext as _

from admin_ui.blueprint import console
from admin_ui.chrome import may
from admin_ui.lists import LIMIT, Filters, cursor, pager
from admin_ui.pages import audit_view as view
from admin_ui.showing import back_to, show
from muster.kernel.audit import Live, NotSealed, Outcome, Proof, standing, verify_proof, witness
from muster.kernel.audit import service as desk
from muster.kernel.web import Mode, Page, actor, decode_number, encode, uow

_OUTCOMES: Final = get_args(Outcome)


@console.route("/audit", endpoint="audit", actions=("audit.entry.list",))
def audit_list(verification: dict[str, Any] | None = None) -> str:
    """Entries, newest first."""
    filters = Filters()
    chosen = _chosen(filters)
    found = desk.listing(uow(), actor(), after=decode_number(cursor()), limit=LIMIT, **chosen)
    shown = Page(found.items, encode([found.next]) if found.next is not None else None)
    people = view.people(shown.items)
    return show(
        "audit/list.html",
        "audit",
        filters=filters.drawn,
        page=pager(shown),
        export_url="",
        verify_url=url_for("console.audit_verify"),
        head=view.head(standing(uow())),
        witnesses=view.witnesses(witness.seen(uow())),
        holds_url=url_for("console.audit_holds") if may("audit.hold.list") else "",
        reviews_url=url_for("console.audit_reviews") if may("audit.review.list") else "",
        verification=verification,
        rows=[view.row(entry, people) for entry in shown.items],
    )


@console.route(
    "/audit/verify",
    methods=["POST"],
    mode=Mode.READS,
    actions=("audit.log.verify", "audit.entry.list"),
)
@back_to(audit_list)
def audit_verify() -> str:
    """Walk the whole log and show the verdict above it."""
    verdict = desk.verify(uow(), actor())
    return audit_list(
        {
            "state": "pass" if verdict.ok else "fail",
            "at": uow().now(),
            "entries": verdict.size,
            "detail": str(verdict),
        }
    )


@console.route("/audit/<uuid:entry_id>", actions=("audit.entry.read", "audit.entry.prove"))
def audit_entry(entry_id: UUID, *, verified: bool = False) -> str:
    """One entry, with the proof that it belongs to the sealed log."""
    entry = desk.read(uow(), actor(), entry_id)
    proof = _proof(entry_id)
    return show(
        "audit/entry.html",
        "audit",
        entry=view.entry(entry, view.people([entry])),
        proof=view.proof(proof, standing(uow()).sealed_at) if proof else None,
        verification=_verification(proof) if verified and proof else None,
        verify_url=url_for("console.audit_entry_verify", entry_id=entry_id) if proof else "",
        proof_url=url_for("console.audit_entry_proof", entry_id=entry_id) if proof else "",
    )


@console.route(
    "/audit/<uuid:entry_id>/verify",
    methods=["POST"],
    mode=Mode.READS,
    actions=("audit.entry.read", "audit.entry.prove"),
)
@back_to(audit_entry)
def audit_entry_verify(entry_id: UUID) -> str:
    """Check the proof here and now."""
    return audit_entry(entry_id, verified=True)


@console.route("/audit/<uuid:entry_id>/proof.json", actions=("audit.entry.prove",))
def audit_entry_proof(entry_id: UUID) -> Response:
    """The proof as a file that anybody can check without us."""
    proof = desk.prove(uow(), actor(), entry_id)
    answer = jsonify(
        entry=base64.b64encode(proof.entry).decode(),
        seq=proof.seq,
        size=proof.size,
        path=[step.hex() for step in proof.path],
        note=proof.note,
        algorithm=proof.algorithm,
        verifier_keys=[str(key) for key in Live(uow(), index=False).verifier_keys()],
    )
    answer.headers.set("Content-Disposition", "attachment", filename=f"proof-{entry_id}.json")
    return answer


def _chosen(filters: Filters) -> dict[str, Any]:
    action = filters.search("action", _("Action"))
    device = filters.search("object", _("Object"))
    outcome = filters.choice("decision", _("Decision"), view.outcomes(_OUTCOMES))
    operation = filters.choice("operation", _("Personal data"), view.operations())
    since = filters.day("since", _("Since"))
    until = filters.day("until", _("Until"))
    return {
        "action": action,
        "resource_id": device,
        "outcome": cast("Outcome | None", outcome),
        "operation": operation,
        "since": since,
        "until": until + timedelta(days=1) if until else None,
    }


def _proof(entry_id: UUID) -> Proof | None:
    try:
        return desk.prove(uow(), actor(), entry_id)
    except NotSealed:
        return None


def _verification(proof: Proof) -> dict[str, Any]:
    keys = Live(uow(), index=False).verifier_keys()
    holds = any(verify_proof(proof, key) for key in keys)
    detail = _("Leaf, path and signature agree.") if holds else _("They do not agree.")
    return {"state": "pass" if holds else "fail", "at": uow().now(), "detail": detail}
