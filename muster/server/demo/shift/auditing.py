"""Step 12: the auditor, who trusts nobody, not even the server."""

import base64
from dataclasses import replace
from typing import Any

from muster.handheld import Refused
from muster.kernel.audit import Proof, VerifierKey, verify_proof
from muster.server.demo.desk import Desk
from muster.server.demo.play import Play, expect, wait
from muster.server.demo.shift.cast import PURPOSE


def answer_for_the_log(play: Play) -> None:
    """The log is sound, one entry is proved and checked here, and a plate's history is told."""
    auditor = play.desk(play.city.force.leads.auditor)
    verdict = auditor.post("/admin/v1/audit/verifications")
    expect(verdict["sound"], verdict["sentence"])
    play.say(verdict["sentence"])
    told = wait(lambda: _proof(auditor, play.notes["audit_id"]), "the seal over the check")
    proof, key = _read(told), VerifierKey.parse(told["verifier_keys"][0])
    expect(verify_proof(proof, key), "the proof does not hold")
    forged = replace(proof, entry=proof.entry.replace(PURPOSE.encode(), b"other_reason"))
    expect(forged != proof and not verify_proof(forged, key), "a forged entry was believed")
    play.say(
        f"Entry {proof.seq} of {proof.size} is proved by {len(proof.path)} hashes; forged, it is not."
    )
    _who_and_why(play, auditor)


def _proof(auditor: Desk, entry_id: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = auditor.get(f"/admin/v1/audit/entries/{entry_id}/proof")
    except Refused as refusal:
        if refusal.code != "audit_not_sealed":
            raise
        return None
    return found


def _read(told: dict[str, Any]) -> Proof:
    return Proof(
        entry=base64.b64decode(told["entry"]),
        seq=told["seq"],
        size=told["size"],
        path=tuple(bytes.fromhex(step) for step in told["path"]),
        note=told["note"],
        algorithm=told["algorithm"],
    )


def _who_and_why(play: Play, auditor: Desk) -> None:
    leads, plate = play.city.force.leads, play.city.cases.stolen.plate
    question = {"kind": "plate", "value": plate, "reason": "Complaint about a traffic stop"}
    entries = auditor.post("/admin/v1/audit/subject-searches", question)["items"]
    checks = [
        entry["document"] for entry in entries if entry["document"]["action"] == "field.check.run"
    ]
    expect(checks, f"nobody seems to have looked up {plate}")
    numbers = {document["actor_label"].split()[0] for document in checks}
    wanted = {leads.first_officer.number, leads.auxiliary.number}
    expect(wanted <= numbers, f"the log names {numbers}, not {wanted}")
    refused = [document for document in checks if document["outcome"] == "denied"]
    expect(refused, "the refused look-up is missing")
    for document in reversed(checks):
        why = f"{document.get('purpose', 'no purpose')}, case {document.get('case_ref', 'none')}"
        play.say(f"{plate}: {document['actor_label']}, {why}: {document['outcome']}")
