"""Step 6: background checks with and without a purpose, by a sworn and by an auxiliary officer."""

from typing import Any

from muster.server.demo.play import Play, expect, expect_refusal
from muster.server.demo.shift.cast import MAIN, PURPOSE

_REDACTED = {"hit_id", "category", "action_instruction", "must_confirm"}


def ask_with_a_purpose(play: Play) -> None:
    """A hit for a purpose; a logged refusal without one; the category alone for an auxiliary."""
    leads, plate = play.city.force.leads, play.city.cases.stolen.plate
    case = play.notes["incident"]
    terminal = play.sign_in(MAIN, leads.first_officer)
    answer = terminal.check("plate", plate, PURPOSE, case)
    expect(answer["signal"] == "red" and answer["hits"], f"no hit: {answer}")
    hit = answer["hits"][0]
    play.notes["audit_id"] = answer["audit_id"]
    play.say(
        f"{plate}: {hit['category']}. {hit['action_instruction']}. Owner {hit['owner']['agency']}"
    )
    clean = terminal.check("plate", play.city.cases.clean_vehicle.plate, PURPOSE, case)
    expect(clean["signal"] == "green", f"a clean vehicle is {clean['signal']}")
    expect_refusal(lambda: terminal.check("plate", plate), "purpose_required")
    _logged(play)
    terminal.sign_out()
    _as_an_auxiliary(play, plate, case)


def _logged(play: Play) -> None:
    number = play.city.force.leads.first_officer.number
    auditor = play.desk(play.city.force.leads.auditor)
    query = {"action": "field.check.run", "outcome": "denied"}
    entries = auditor.get("/admin/v1/audit/entries", **query)["items"]
    mine = [entry for entry in entries if entry["document"]["actor_label"].startswith(number)]
    expect(mine and "purpose" not in mine[0]["document"], "the refusal is not on the log")
    play.say("Without a purpose: 403 purpose_required, and the refusal is on the log.")


def _as_an_auxiliary(play: Play, plate: str, case: str) -> None:
    auxiliary = play.city.force.leads.auxiliary
    terminal = play.sign_in(MAIN, auxiliary)
    answer: dict[str, Any] = terminal.check("plate", plate, PURPOSE, case)
    hit = answer["hits"][0]
    expect(answer["redacted"] and not answer["records"], "an auxiliary sees records")
    expect(hit.keys() <= _REDACTED, f"an auxiliary sees {sorted(hit.keys() - _REDACTED)}")
    play.say(f"{auxiliary.name}, auxiliary: {hit['category']}. {hit['action_instruction']}")
    terminal.sign_out()
