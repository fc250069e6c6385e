"""Step 5: a record made without a network."""

from typing import Any

from muster.handheld import Terminal
from muster.server.demo.form_stop_check import FORM_ID
from muster.server.demo.photo import night_street
from muster.server.demo.play import Play, expect
from muster.server.demo.shift.cast import MAIN

PHOTO = "street.png"


def collect_offline(play: Play) -> None:
    """The record is its author's whoever uploads it, is recorded once, and comes back with a hit."""
    leads, terminal = play.city.force.leads, play.terminal(MAIN)
    op_id = _fill_in(play, terminal)
    terminal.sign_out()
    play.sign_in(MAIN, leads.second_officer)
    expect(terminal.outbox.waiting() == [op_id], "the change of officers lost the record")
    answers = [terminal.outbox.send(op_id) for _ in range(3)]
    references = {answer["reference"] for answer in answers}
    expect(len(references) == 1 and answers[0]["status"] == "recorded", f"sent thrice: {answers}")
    expect(answers[0]["author"] == play.notes["first"], "the record changed hands")
    play.say(f"{leads.second_officer.name} uploads; sent three times, recorded once.")
    _hit(play, answers[0]["result"]["feedback"])
    sent = terminal.push()
    expect(not terminal.outbox.waiting(), f"something was left behind: {sent}")
    _as_the_supervisor_sees(play, references.pop())


def _fill_in(play: Play, terminal: Terminal) -> str:
    city, before = play.city, play.costs.now.requests
    incident, cases = city.incidents[-1], city.cases
    play.notes["incident"] = incident.number
    offline = terminal.look_up("plate", cases.stolen.plate)
    expect(offline["signal"] == "red", f"the offline hot list says {offline}")
    answers = {
        "incident": incident.number,
        "place": {"lon": incident.lon, "lat": incident.lat, "datum": "wgs84", "accuracy_m": 8},
        "person_id": cases.wanted.person_id,
        "person_name": cases.wanted.name,
        "plate": cases.stolen.plate,
        "reason": "suspicious_conduct",
        "photo": PHOTO,
        "outcome": "vehicle_held",
    }
    op_id = terminal.collect(FORM_ID, answers, {PHOTO: night_street()})
    expect(play.costs.now.requests == before, "filling in a form needed the network")
    play.say(
        f"Offline: the hot list warns of {cases.stolen.plate}; a record for {incident.number}."
    )
    return op_id


def _hit(play: Play, feedback: dict[str, Any]) -> None:
    hits = [hit for check in feedback["checks"] for hit in check.get("hits", [])]
    expect(feedback["signal"] == "red" and len(hits) >= 2, f"no hit in {feedback}")
    for hit in hits:
        play.say(f"HIT {hit['category']}: {hit['action_instruction']} ({hit['owner']['phone']})")


def _as_the_supervisor_sees(play: Play, reference: str) -> None:
    leads = play.city.force.leads
    desk = play.desk(leads.supervisor)
    listed = desk.get("/admin/v1/records", incident=play.notes["incident"])["items"]
    found = [record for record in listed if record["id"] == reference]
    expect(len(found) == 1, f"recorded {len(found)} times")
    expect(found[0]["officer"] == leads.first_officer.number, "another officer's name is on it")
    record = desk.get(f"/admin/v1/records/{reference}")
    photo = next(file for file in record["attachments"] if file["name"] == PHOTO)
    expect(photo["state"] == "stored", f"the photo is {photo['state']}")
    play.say(f"The supervisor sees it once, by {leads.first_officer.name}, with its photo.")
