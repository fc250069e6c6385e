"""Step 9: lost mode, found in time, and a wipe of which nobody knows whether it was carried out."""

from typing import Any

from muster.handheld import Terminal
from muster.server.demo.play import Play, expect
from muster.server.demo.shift.cast import SPARE
from muster.server.demo.shift.loss import two_agree_to_wipe

SERIAL = "YL-2026-0003"
LOST = "Not at the hand-over of the shift"
FOUND = "It lay under the passenger seat"


def lose_and_find(play: Play) -> None:
    """Found before it fetched the wipe: cancelled. Found after: too late, and it is said so."""
    terminal, device = _spare(play)
    _lose(play, terminal, device)
    two_agree_to_wipe(play, device)
    answer = _find(play, device)
    expect(answer["wipe"] == "cancelled", f"the waiting wipe was not cancelled: {answer}")
    given = _obey(terminal)
    expect(given == ["end_lost_mode", "unlock"], f"a found terminal is given {given}")
    expect(not terminal.agent.locked, "a found terminal is still locked")
    play.say("Found before it came to fetch the wipe: cancelled, unlocked, back in service.")
    _lose(play, terminal, device)
    two_agree_to_wipe(play, device)
    fetched = terminal.check_in()["commands"]
    expect([one["kind"] for one in fetched] == ["wipe"], f"not the wipe alone: {fetched}")
    answer = _find(play, device)
    expect((answer["wipe"], answer["state"]) == ("under_way", "lost"), f"found says {answer}")
    expect(_wipe(play, device)["state"] == "delivered", "a fetched wipe counts as something else")
    play.say(
        "Fetched, then silence: the console says delivered, never done; a day later unconfirmed."
    )
    expect(terminal.carry_out(fetched) == [("wipe", "done")], "the wipe failed")
    expect(_wipe(play, device)["state"] == "acknowledged", "the late word was not taken")
    play.say("Its word comes late and closes the matter: wiped.")


def _spare(play: Play) -> tuple[Terminal, str]:
    terminal, unit = play.terminal(SPARE), play.city.force.leads.first_officer.unit
    told = terminal.enrol(play.token(unit, "Spare terminal"), SERIAL)
    terminal.check_in()
    return terminal, f"/admin/v1/devices/{told['device_id']}"


def _lose(play: Play, terminal: Terminal, device: str) -> None:
    """One person reports it; it locks itself and shows whose it is."""
    play.desk(play.city.force.leads.supervisor).post(f"{device}/lost", {"reason": LOST})
    given = _obey(terminal)
    expect(given == ["lost_mode", "lock"], f"a lost terminal is given {given}")
    expect(terminal.agent.locked, "a lost terminal is not locked")


def _find(play: Play, device: str) -> dict[str, Any]:
    admin = play.desk(play.city.force.leads.device_admin_a)
    answer: dict[str, Any] = admin.post(f"{device}/found", {"reason": FOUND})
    return answer


def _obey(terminal: Terminal) -> list[str]:
    return [kind for kind, _ in terminal.carry_out(terminal.check_in()["commands"])]


def _wipe(play: Play, device: str) -> dict[str, Any]:
    admin = play.desk(play.city.force.leads.device_admin_a)
    listed: list[dict[str, Any]] = admin.get(f"{device}/commands")["items"]
    return next(one for one in listed if one["kind"] == "wipe")
