"""The device agent: enrols, reports, applies what it is told to be, carries out commands."""

import hashlib
import platform
from collections.abc import Iterator
from typing import Any

from muster.handheld.connection import Connection
from muster.handheld.trust import Trust
from muster.handheld.vault import Vault

_ROOM = "agent"
HEALTHY = {
    "encrypted": True,
    "passcode_set": True,
    "rooted": False,
    "usb_debugging": False,
    "bootloader_locked": True,
    "screen_lock_enforced": True,
}


class Agent:
    """What the managed terminal does by itself, whoever is signed in.

    `facts` is what it reports about its own safety; the demo and the tests change them.
    """

    def __init__(self, vault: Vault, connection: Connection, trust: Trust) -> None:
        self._vault, self._connection, self._trust = vault, connection, trust
        self.facts: dict[str, Any] = dict(HEALTHY)

    @property
    def identity(self) -> dict[str, Any]:
        """Who this terminal is: `device_id` and `label`, or nothing before it enrolled."""
        return dict(self._vault.get(_ROOM, "identity") or {})

    @property
    def desired(self) -> dict[str, Any]:
        """The desired state last applied: `configuration`, `apps`."""
        return dict((self._vault.get(_ROOM, "desired") or {}).get("document", {}))

    def enrol(self, scanned: dict[str, Any], serial: str, patch_level: str) -> dict[str, Any]:
        """Come in with the content of an enrolment code, and apply what the server wants."""
        body = {
            "token": scanned["token"],
            "serial": serial,
            "model": "Muster reference terminal",
            "os": platform.system().lower(),
            "os_version": platform.release()[:64],
            "patch_level": patch_level,
            "agent_version": "1.0.0",
        }
        told: dict[str, Any] = self._connection.agent("POST", "/agent/v1/enrol", body)
        self._trust.learn(told["manifest_keys"], scanned["manifest_keys"])
        self._vault.put(_ROOM, "identity", {"device_id": told["device_id"], "label": told["label"]})
        self._apply(told["configuration"])
        return told

    def check_in(self, **report: Any) -> dict[str, Any]:
        """Report posture and the hash of what is applied; apply anything new and echo it."""
        told = self._report(report)
        if told["configuration"] is not None:
            self._apply(told["configuration"])
            told = self._report({}) | {"commands": told["commands"]}
        return told

    def carry_out(self, commands: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        """Do commands one by one, yielding kind and outcome; a wipe is confirmed, then done."""
        for command in commands:
            outcome = "done" if command["kind"] in _DOABLE else "failed"
            path = f"/agent/v1/commands/{command['id']}/result"
            self._connection.agent("POST", path, {"outcome": outcome})
            self._vault.put("commands", str(command["id"]), command["kind"])
            yield command["kind"], outcome
            if command["kind"] == "wipe":
                self._vault.erase()
                return

    def report_apps(self, states: list[dict[str, Any]]) -> dict[str, Any]:
        """Tell the store's side what became of the apps that were to be here."""
        return self.check_in(apps=states)

    def _report(self, more: dict[str, Any]) -> dict[str, Any]:
        applied = (self._vault.get(_ROOM, "desired") or {}).get("hash", "")
        body: dict[str, Any] = {"posture": self.facts, "battery": 80, **more}
        if applied:
            body["applied_hash"] = applied
        told: dict[str, Any] = self._connection.agent("POST", "/agent/v1/check-in", body)
        return told

    def _apply(self, sealed: dict[str, Any]) -> None:
        manifest = self._trust.check(sealed, "desired_state")
        mine = self.identity.get("device_id")
        if manifest["id"] != mine:
            raise ValueError(f"this desired state is for {manifest['id']}, not for {mine}")
        kept = {"hash": manifest["version"], "document": manifest["document"]}
        self._vault.put(_ROOM, "desired", kept)


_DOABLE = frozenset({"lock", "unlock", "message", "refresh", "wipe"})


def digest(content: bytes) -> str:
    """Return the lower-case hex SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()
