"""Step 11: a terminal is lost, shut out by one person, wiped by two."""

from collections.abc import Callable
from typing import Any

from muster.handheld import Terminal
from muster.server.demo.play import Play, expect, expect_refusal
from muster.server.demo.shift.cast import MAIN, PURPOSE

LOST = "Left in a patrol car that was towed away"
_SHUT = ("device_blocked", "device_out_of_service", "invalid_grant")
WIPE = "Not found within an hour of being reported lost"


def lose_and_wipe(play: Play) -> None:
    """One word shuts it out on every surface; two people wipe it; the timeline tells the story."""
    leads, terminal = play.city.force.leads, play.terminal(MAIN)
    device = f"/admin/v1/devices/{play.notes['device']}"
    play.desk(leads.supervisor).post(f"{device}/lost", {"reason": LOST})
    for surface, request in _surfaces(play, terminal).items():
        refusal = expect_refusal(request, *_SHUT)
        play.say(f"{surface}: {refusal.status} {refusal.code}")
    told = terminal.check_in()
    given = {command["kind"] for command in told["commands"]}
    expect(given <= {"lock", "lost_mode"}, f"the agent gets {told['commands']}")
    two_agree_to_wipe(play, device)
    told = terminal.check_in()
    expect([c["kind"] for c in told["commands"]] == ["wipe"], f"not the wipe alone: {told}")
    expect(told["configuration"] is None, "a lost terminal was given a configuration")
    expect(terminal.carry_out(told["commands"]) == [("wipe", "done")], "the wipe failed")
    expect(not terminal.vault.rooms(), "the wipe left something behind")
    play.say("The agent door gave it the wipe and nothing else; it confirmed and is empty.")
    _story(play, device)


def _surfaces(play: Play, terminal: Terminal) -> dict[str, Callable[[], Any]]:
    connection, plate = terminal.connection, play.city.cases.stolen.plate
    begin = {"Tus-Resumable": "1.0.0", "Upload-Length": "9"}
    return {
        "A check": lambda: terminal.check("plate", plate, PURPOSE, play.notes["incident"]),
        "Sync": lambda: connection.fetch("POST", "/sync/v1/tasks/pull", {}),
        "The deposit door": lambda: connection.fetch("POST", "/sync/v1/deposit", {"item": "-"}),
        "Maps": lambda: connection.fetch("GET", "/mobile/v1/packages"),
        "The store": lambda: connection.agent("GET", play.notes["app_url"]),
        "Uploads": lambda: connection.call("POST", "/uploads", headers=begin),
        "Its configuration": lambda: connection.agent("GET", "/agent/v1/configuration"),
        "A fresh token": connection.refresh,
    }


def two_agree_to_wipe(play: Play, device: str) -> None:
    """Let one device admin ask and the other agree; one alone is refused."""
    leads = play.city.force.leads
    first, second = play.desk(leads.device_admin_a), play.desk(leads.device_admin_b)
    asked = first.post(f"{device}/commands", {"kind": "wipe", "reason": WIPE})
    approve = f"/admin/v1/approvals/{asked['approval_id']}/approve"
    expect_refusal(lambda: first.post(approve), "second_person_required")
    second.post(approve)
    play.say(
        f"{leads.device_admin_a.name} asks for a wipe, may not approve it; {leads.device_admin_b.name} does."
    )


def _story(play: Play, device: str) -> None:
    leads = play.city.force.leads
    lines = play.desk(leads.device_admin_b).get(f"{device}/timeline", limit=100)["items"]
    lost = next((line for line in lines if line["what"] == "mdm.device.report_lost"), None)
    wipe = next((line for line in lines if line["what"] == "wipe"), None)
    expect(lost and lost["why"] == LOST, "the timeline does not say why it was reported lost")
    expect(wipe and wipe["why"] == WIPE, "the timeline does not say why it was wiped")
    assert lost is not None
    assert wipe is not None
    people = (wipe["who"], wipe["detail"]["approved_by"])
    expect(
        people == (leads.device_admin_a.number, leads.device_admin_b.number), f"it names {people}"
    )
    expect(wipe["outcome"] == "acknowledged" and wipe["detail"]["finished_at"], f"not done: {wipe}")
    play.say(f"The timeline: {lost['at'][:19]} lost by {lost['who']}: {lost['why']}.")
    play.say(
        f"{wipe['at'][:19]} wipe by {people[0]} with {people[1]}: {wipe['why']}; {wipe['outcome']}."
    )
