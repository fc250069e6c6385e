"""Step 10: a phone with the open Headwind agent, unmodified, comes in by QR code and obeys."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from muster.server.demo.play import Play, expect

NUMBER = "HW-2026-0001"
REASON = "It has run for a month"
_EXTRAS = "com.hmdm."


def take_in_a_foreign_agent(play: Play) -> None:
    """It moves to a path of its own at once; a command stays open until the agent confirms it."""
    leads = play.city.force.leads
    admin = play.desk(leads.device_admin_a)
    code = play.token(leads.first_officer.unit, "Spare phone", agent="headwind")
    with httpx.Client(base_url=play.origin, event_hooks=play.costs.hooks()) as http:
        agent = _Agent(http, code)
        agent.sync(enrol=True)
        expect(agent.project != "hmdm", "it was not given a path of its own")
        agent.sync()
        agent.report()
        closed = http.get(f"/hmdm/rest/public/sync/configuration/{NUMBER}").json()
        expect(closed["status"] == "ERROR", f"the plain path still answers: {closed}")
        play.say(
            "It came in, lives at a secret path of its own, and the plain path is closed to it."
        )
        found = admin.get("/admin/v1/devices", text=NUMBER, state="enrolled")["items"]
        expect(len(found) == 1 and found[0]["agent"] == "headwind", f"in the fleet: {found}")
        device = f"/admin/v1/devices/{found[0]['id']}"
        admin.post(f"{device}/commands", {"kind": "reboot", "reason": REASON, "body": {}})
        expect(agent.sync()["reboot"], "the reboot did not reach it")
        expect(_last(admin, device)["state"] == "delivered", "fetched is not yet done")
        agent.confirm("reboot")
        expect(_last(admin, device)["state"] == "acknowledged", "its confirmation was not taken")
        expect(not agent.sync()["reboot"], "it would reboot for ever")
        play.say(
            "A reboot that its own free server cannot send: fetched, confirmed, and cleared once."
        )
        admin.post(f"{device}/retire", {"reason": "Back on the shelf"})


class _Agent:
    """The few calls of the agent that this step needs, as its protocol has them."""

    def __init__(self, http: httpx.Client, scanned: Mapping[str, Any]) -> None:
        self._http, self._token = http, scanned[f"{_EXTRAS}CONFIG"]
        self.project: str = scanned[f"{_EXTRAS}SERVER_PROJECT"]

    def sync(self, *, enrol: bool = False) -> dict[str, Any]:
        """Fetch the configuration, and move to where it says."""
        path = f"/{self.project}/rest/public/sync/configuration/{NUMBER}"
        answer = self._http.post(path, json={"configuration": self._token}) if enrol else None
        told = (answer or self._http.get(path)).json()
        expect(told["status"] == "OK", f"the agent is told {told}")
        data: dict[str, Any] = told["data"]
        self.project = urlsplit(data["newServerUrl"]).path.strip("/")
        return data

    def report(self) -> None:
        """Say how it is."""
        answer = self._http.post(f"/{self.project}/rest/public/sync/info", json=self._info())
        expect(answer.is_success, f"its report was refused: {answer.text}")

    def confirm(self, what: str) -> None:
        """Say that it is about to do what it was told."""
        path = f"/{self.project}/rest/plugins/devicereset/public/{what}/{NUMBER}"
        expect(self._http.post(path, json=self._info()).is_success, f"no leave to {what}")

    def _info(self) -> dict[str, Any]:
        return {"deviceId": NUMBER, "model": "Rugged 5", "permissions": [1, 1, 1, 0], "files": []}


def _last(admin: Any, device: str) -> dict[str, Any]:
    commands: list[dict[str, Any]] = admin.get(f"{device}/commands")["items"]
    return commands[0]
