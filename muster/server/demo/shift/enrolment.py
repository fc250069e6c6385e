"""Steps 1 to 3: a terminal comes in, proves its state, and an officer signs in on it."""

import tempfile
from pathlib import Path
from typing import Any

from muster.handheld.agent import HEALTHY
from muster.handheld.proofs import DeviceKey
from muster.handheld.vault import Vault
from muster.server.demo.play import Play, expect, expect_refusal
from muster.server.demo.shift.cast import MAIN

SERIAL = "YL-2026-0001"


def enrol(play: Play) -> None:
    """A device admin makes a token; the terminal comes in and echoes its configuration's hash."""
    leads = play.city.force.leads
    rings = [play.notes["pilot"], play.notes["all"]]
    code = play.token(leads.first_officer.unit, "Patrol terminal", rings)
    terminal = play.terminal(MAIN)
    told = terminal.enrol(code, SERIAL)
    play.notes["device"] = told["device_id"]
    play.say(f"It is {told['label']} now, its posture is {told['posture']}.")
    expect(terminal.agent.certificate.held, "the terminal was given no certificate")
    terminal.agent.facts = {}
    terminal.check_in()
    shown = _device(play)
    expect(shown["desired_hash"], "there is no desired state")
    expect(shown["applied_hash"] == shown["desired_hash"], "the configuration was not echoed")
    play.say(f"It applied and echoed {shown['applied_hash'][:19]}… and has said nothing of itself.")
    second = play.terminal(f"{MAIN}-twin")
    expect_refusal(lambda: second.enrol(code, "YL-2026-0099"), "enrolment_token_used")
    play.say("The same code a second time: refused.")


def prove_a_state(play: Play) -> None:
    """Data is refused with the reason until the terminal has reported a compliant state."""
    terminal = play.sign_in(MAIN, play.city.force.leads.sergeant)
    refusal = expect_refusal(terminal.pull, "posture_not_compliant")
    play.say(f"Before any report: {refusal.status} {refusal.code}.")
    terminal.agent.facts = HEALTHY | {"encrypted": False}
    told = terminal.check_in()
    reasons = [reason["id"] for reason in told["reasons"]]
    expect(not told["compliant"] and "storage_not_encrypted" in reasons, f"judged so: {reasons}")
    expect_refusal(terminal.pull, "posture_not_compliant")
    play.say(f"Its check-in is accepted, and says why: {told['reasons'][0]['en']}")
    terminal.agent.facts = dict(HEALTHY)
    told = terminal.check_in()
    expect(told["compliant"], f"it should be compliant now: {told['reasons']}")
    terminal.pull()
    play.say("After a compliant report the same request passes.")
    terminal.sign_out()


def sign_in(play: Play) -> None:
    """The officer's token works with the terminal's key only."""
    officer = play.city.force.leads.first_officer
    terminal = play.sign_in(MAIN, officer)
    me = terminal.connection.fetch("GET", "/mobile/v1/me")
    expect(me["officer"]["number"] == officer.number, "somebody else is signed in")
    play.notes["first"] = me["officer"]["id"]
    play.say(f"{officer.name} is signed in with device key and PIN.")
    token = terminal.connection.access_token
    carried = {"Authorization": f"DPoP {token}"}
    expect(_stolen(play, carried) == "invalid_dpop_proof", "a token without proof was taken")
    expect(_stolen(play, carried | _others_proof(play, token)) == "invalid_token", "a foreign key")
    expect(_stolen(play, {"Authorization": f"Bearer {token}"}) == "invalid_token", "as bearer")
    play.say("The same token without proof, with another key, as a bearer token: three times 401.")


def _stolen(play: Play, headers: dict[str, str]) -> str:
    response = play.terminal(MAIN).connection.raw("GET", "/mobile/v1/me", headers)
    expect(response.status_code == 401, f"a stolen token got {response.status_code}")
    return str(response.json()["code"])


def _others_proof(play: Play, token: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder))
        proof = DeviceKey(vault).proof("GET", f"{play.origin}/mobile/v1/me", token)
        vault.close()
    return {"DPoP": proof}


def _device(play: Play) -> dict[str, Any]:
    admin = play.desk(play.city.force.leads.device_admin_a)
    shown: dict[str, Any] = admin.get(f"/admin/v1/devices/{play.notes['device']}")
    return shown
