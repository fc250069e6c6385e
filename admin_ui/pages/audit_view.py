"""Entries of the log as pages show them."""

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from admin_ui import words
from muster.kernel.audit import Proof, Recorded, Standing, witness
from muster.kernel.audit import operations as led
from muster.kernel.identity import names
from muster.kernel.web import uow

N_ = str
_DECISIONS: Final = {"permitted": "allow", "denied": "deny", "failed": "failed", "done": "executed"}
_WORDS: Final = {
    "permitted": N_("Allowed"),
    "denied": N_("Denied"),
    "failed": N_("Failed"),
    "done": N_("Carried out"),
}
_OPERATIONS: Final = {
    "collection": N_("Collection"),
    "alteration": N_("Alteration"),
    "consultation": N_("Consultation"),
    "disclosure": N_("Disclosure"),
    "combination": N_("Combination"),
    "erasure": N_("Erasure"),
}
_SHOWN: Final = 12
_LONG: Final = 200
_BRIEF: Final = 12


def outcomes(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return the outcomes as options."""
    return [(code, words.of(_WORDS, code)) for code in codes]


def operations() -> list[tuple[str, str]]:
    """Return the six operations on personal data as options (LED Article 25)."""
    return [(code, words.of(_OPERATIONS, code)) for code in led.OPERATIONS]


def witnesses(known: Iterable[witness.Seen]) -> list[dict[str, Any]]:
    """Return how far each witness has followed; a cosignature that no longer holds is a refusal."""
    return [
        {
            "name": one.name,
            "state": "witness_refused" if one.size and not one.holds else f"witness_{one.state}",
            "detail": one.detail,
            "size": one.size,
            "behind": one.behind,
            "signed_at": one.signed_at,
        }
        for one in known
    ]


def people(entries: Sequence[Recorded]) -> dict[UUID, names.Named]:
    """Return the officers who appear in these entries."""
    named = [UUID(e.document["actor_id"]) for e in entries if "actor_id" in e.document]
    return names.officers(uow(), named)


def row(recorded: Recorded, known: dict[UUID, names.Named]) -> dict[str, Any]:
    """Return one line of the log."""
    document = recorded.document
    return {
        "url": url_for("console.audit_entry", entry_id=recorded.id),
        "sequence": recorded.n,
        "at": recorded.at,
        **_actor(document, known),
        "on_behalf": "" if document.get("client") == "console" else document.get("client", ""),
        "action": document["action"],
        "object": _object(document, _BRIEF),
        "decision": _DECISIONS[document["outcome"]],
        "policies": document.get("policies", []),
        "result": _result(document),
        "reason": _why(document),
        "source": document.get("source", ""),
        "seal": "sealed" if recorded.sealed else "unsealed",
    }


def entry(recorded: Recorded, known: dict[UUID, names.Named]) -> dict[str, Any]:
    """Return everything of one entry."""
    document = recorded.document
    decided_under = document.get("policy_set", "")
    return {
        **row(recorded, known),
        "on_behalf": document.get("client", ""),
        "object": _object(document),
        "policies": [
            {"id": name, "text": _policy_text(name, decided_under)}
            for name in document.get("policies", [])
        ],
        "purpose": document.get("purpose", ""),
        "case_reference": document.get("case_ref", ""),
        "reason": document.get("reason", ""),
        "operation": words.of(_OPERATIONS, document.get("operation", "")),
        "recipient": document.get("recipient", ""),
        "requestor": document.get("requestor", ""),
        "request_id": document.get("request_id", ""),
        "subjects": [
            f"{one['kind']} {one['hash'][:_SHOWN]}…" for one in document.get("subjects", [])
        ],
    }


def head(now: Standing) -> dict[str, Any]:
    """Return where the sealed log stands."""
    return {
        "size": now.written,
        "sealed": now.sealed,
        "root": now.root.hex(),
        "sealed_at": now.sealed_at,
        "key_id": now.key_id,
    }


def proof(shown: Proof, sealed_at: datetime | None) -> dict[str, Any]:
    """Return a proof in its parts: leaf, path, and the signed checkpoint (C2SP signed-note)."""
    text, _blank, signed = shown.note.partition("\n\n")
    signature = base64.b64decode(signed.strip().rpartition(" ")[2])
    return {
        "leaf": sha256(b"\x00" + shown.entry).hexdigest(),
        "root": base64.b64decode(text.split("\n")[2]).hex(),
        "size": shown.size,
        "path": _path(shown),
        "algorithm": shown.algorithm,
        "key_id": signature[:4].hex(),
        "signature": base64.b64encode(signature[4:]).decode(),
        "sealed_at": sealed_at,
    }


def _path(shown: Proof) -> list[dict[str, str]]:
    """Return each neighbour with its side (RFC 9162 §2.1.3.2)."""
    steps, here, last = [], shown.seq, shown.size - 1
    for neighbour in shown.path:
        left = bool(here & 1) or here == last
        while left and here and not here & 1:
            here, last = here >> 1, last >> 1
        steps.append({"side": "left" if left else "right", "hash": neighbour.hex()})
        here, last = here >> 1, last >> 1
    return steps


def _actor(document: dict[str, Any], known: dict[UUID, names.Named]) -> dict[str, str]:
    label = document.get("actor_label", "")
    person = known.get(UUID(document["actor_id"])) if "actor_id" in document else None
    if person is not None:
        return {"actor": person.name, "actor_number": person.number}
    kind = document.get("actor_kind", "")
    return {"actor": label or kind, "actor_number": kind if label else ""}


def _object(document: dict[str, Any], brief: int = 0) -> str:
    """Return what was acted on; a list shows the last signs of its id."""
    kind, name = document.get("resource_type", ""), document.get("resource_id", "")
    if brief and len(name) > brief:
        name = "…" + name[-brief:]
    return "—" if kind == "Force" else f"{kind} {name}".strip() or "—"


def _result(document: dict[str, Any]) -> str:
    parts = (f"{key}: {value}" for key, value in sorted(document.get("result", {}).items()))
    return ", ".join(parts)[:_LONG]


def _why(document: dict[str, Any]) -> str:
    told = (document.get(name, "") for name in ("reason", "purpose", "case_ref"))
    return " · ".join(part for part in told if part)


def _policy_text(name: str, decided_under: str) -> str:
    """Return a policy as it reads today; one of another set may have read otherwise then."""
    guard = uow().kernel.guard
    if decided_under != guard.set_id:
        return _("The access policies have changed since this was decided.")
    rule = guard.rules.get(name)
    return "" if rule is None else rule.text
