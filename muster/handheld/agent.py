"""The device agent: enrols, reports, applies what it is told to be, carries out commands."""

import platform
from collections.abc import Iterator
from typing import Any

from muster.handheld.certificate import Certificate
from muster.handheld.connection import Connection
from muster.handheld.errors import FileDamaged, NotEnrolled, TerminalError
from muster.handheld.inventory import Inventory
from muster.handheld.logbook import Logbook
from muster.handheld.orders import Command, Orders, Result, done
from muster.handheld.trust import Trust
from muster.handheld.vault import Vault
from muster.ondevice import ManifestError

_ROOM = "agent"
_OUTLIVES_WIPE = frozenset({_ROOM, "identity"})
_EXTRAS = "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE"
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
        self.certificate = Certificate(vault, connection)
        self.facts: dict[str, Any] = dict(HEALTHY)
        self.inventory = Inventory(vault)
        self.logbook = Logbook(vault, connection)
        self.orders = Orders(vault, self.logbook)

    @property
    def identity(self) -> dict[str, Any]:
        """Who this terminal is: `device_id` and `label`, or nothing before it enrolled."""
        return dict(self._vault.get(_ROOM, "identity") or {})

    @property
    def desired(self) -> dict[str, Any]:
        """The desired state last applied: `configuration`, `apps`."""
        return dict((self._vault.get(_ROOM, "desired") or {}).get("document", {}))

    @property
    def locked(self) -> bool:
        """Whether a command has locked the screen."""
        return bool(self._vault.get(_ROOM, "locked"))

    @property
    def lost(self) -> dict[str, Any]:
        """What a terminal in lost mode shows: `message`, `phone`; nothing in any other mode."""
        return dict(self._vault.get(_ROOM, "lost") or {})

    def enrol(self, scanned: dict[str, Any], serial: str, patch_level: str) -> dict[str, Any]:
        """Come in with the content of an enrolment code, and apply what the server wants."""
        code = _read(scanned)
        if not self.identity:
            self._connection.turn_to(code["audience"])
        elif code["audience"] != self._connection.origin:
            raise TerminalError(f"This terminal belongs to {self._connection.origin}.")
        body = {
            "token": code["token"],
            "serial": serial,
            "model": "Muster reference terminal",
            "os": platform.system().lower(),
            "os_version": platform.release()[:64],
            "patch_level": patch_level,
            "agent_version": "1.0.0",
            "csr": self.certificate.request(),
        }
        told: dict[str, Any] = self._connection.agent("POST", "/agent/v1/enrol", body)
        with self._vault.together():
            self._trust.learn(told["manifest_keys"], code["manifest_keys"])
            identity = {"device_id": told["device_id"], "label": told["label"]}
            self._vault.put(_ROOM, "identity", identity)
            self.certificate.keep(told.get("certificate"))
            if told["configuration"] is not None:
                self._apply(told["configuration"])
        return told

    def check_in(self, **report: Any) -> dict[str, Any]:
        """Report posture and the hash of what is applied; apply anything new and echo it.

        The certificate is renewed in passing, and dropped when the terminal is out of service.
        """
        if not self.identity:
            raise NotEnrolled
        told = self._report(report)
        if told["configuration"] is not None:
            self._apply(told["configuration"])
            told = self._report({})
        if told.get("state", "enrolled") == "enrolled":
            self.certificate.renew_if_due()
        else:
            self.certificate.drop()
        return told

    def carry_out(self, commands: list[Command]) -> Iterator[tuple[str, str]]:
        """Do commands one by one, yielding kind and outcome. Nothing follows a wipe."""
        for command in commands:
            if command["kind"] == "wipe":
                self._wipe(command)
                yield "wipe", "done"
                return
            result = self.orders.carry_out(command)
            self._confirm(command, result)
            yield command["kind"], result["outcome"]

    def _wipe(self, command: Command) -> None:
        """Destroy all data at once; the key that can confirm it goes last."""
        with self._vault.together():
            self._vault.clear(*(set(self._vault.rooms()) - _OUTLIVES_WIPE))
        self._confirm(command, done())
        self._vault.erase()

    def _confirm(self, command: Command, result: Result) -> None:
        self._connection.agent("POST", f"/agent/v1/commands/{command['id']}/result", result)

    def _report(self, more: dict[str, Any]) -> dict[str, Any]:
        """Send one report under the next number; what the server has taken is not told again."""
        number = int(self._vault.get(_ROOM, "sequence") or 0) + 1
        self._vault.put(_ROOM, "sequence", number)
        software, crashes = self.inventory.news(), self.logbook.crashes()
        known = {
            "applied_hash": (self._vault.get(_ROOM, "desired") or {}).get("hash"),
            "software": software,
            "crashes": crashes or None,
            "location": self.orders.location if self._located() else None,
        }
        body: dict[str, Any] = {"sequence": number, "posture": self.facts, "battery": 80, **more}
        body |= {name: value for name, value in known.items() if value}
        told: dict[str, Any] = self._connection.agent("POST", "/agent/v1/check-in", body)
        if told.get("stored", True):
            self.inventory.told(software, resync=bool(told.get("software_resync")))
            self.logbook.told(crashes)
        self._vault.put(_ROOM, "sequence", max(number, int(told.get("sequence", 0))))
        return told

    def _located(self) -> bool:
        """Whether the configuration, or being lost, orders this terminal to say where it is."""
        configuration = self.desired.get("configuration", {})
        return configuration.get("location_seconds", 0) > 0 or bool(self.lost)

    def _apply(self, sealed: dict[str, Any]) -> None:
        """Apply a desired state that a trusted key signed for this very terminal."""
        try:
            manifest = self._trust.check(sealed, "desired_state")
        except ManifestError as error:
            raise FileDamaged(f"The configuration is not to be used: {error}") from error
        mine = self.identity["device_id"]
        if manifest["id"] != mine:
            raise FileDamaged(f"This configuration is for {manifest['id']}, not for {mine}.")
        self._refuse_older(manifest)
        names = ("id", "serial", "document")
        kept = {name: manifest[name] for name in names} | {"hash": manifest["version"]}
        self._vault.put(_ROOM, "desired", kept)

    def _refuse_older(self, manifest: dict[str, Any]) -> None:
        """Refuse a genuine state that a later one has replaced: somebody replays it."""
        if not isinstance(manifest.get("serial"), int):
            raise FileDamaged("This configuration has no number; it may be an old one.")
        held = self._vault.get(_ROOM, "desired") or {}
        applied = held.get("serial", 0) if held.get("id") == manifest["id"] else 0
        if manifest["serial"] < applied:
            raise FileDamaged(
                f"This configuration is number {manifest['serial']}; "
                f"{applied}, a newer one, is applied already."
            )


def _read(scanned: Any) -> dict[str, Any]:
    """Return our part of an enrolment code, or raise `TerminalError`."""
    code = scanned.get(_EXTRAS, scanned) if isinstance(scanned, dict) else {}
    told = isinstance(code, dict) and {
        "token": isinstance(code.get("token"), str),
        "audience": str(code.get("audience")).startswith(("http://", "https://")),
        "manifest_keys": isinstance(code.get("manifest_keys"), list),
    }
    if not told or not all(told.values()):
        raise TerminalError("This is not an enrolment code.")
    return dict(code)
