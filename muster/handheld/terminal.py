"""One terminal, whole: everything an agent and a field app do, in the words of those who hold it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx

from muster.handheld.agent import Agent
from muster.handheld.apps import Apps
from muster.handheld.connection import Connection, Hooks
from muster.handheld.errors import NotHeld
from muster.handheld.files import Files
from muster.handheld.forms import fill
from muster.handheld.officer import OfficerAtHand
from muster.handheld.outbox import Outbox, Sent
from muster.handheld.packages import Packages
from muster.handheld.proofs import DeviceKey
from muster.handheld.replica import Pulled, Replica
from muster.handheld.shelf import Shelf
from muster.handheld.trust import Trust
from muster.handheld.vault import Vault
from muster.ondevice import normalise, offline_signal
from muster.ondevice.addresses import AddressHit

CLIENT = "field"
_CLOSES = ("wipe", "wipe_app_data", "lock", "lost_mode")


class Terminal:
    """A terminal whose state lies encrypted in a folder; any number of them may run in a process.

    What needs the network raises `Offline` without it and `Refused` when the server says no; what
    the terminal itself refuses is a `TerminalError`. `origin` is the server's; an enrolment code
    names it, and it is remembered. `transport` stands in for the network in tests.
    """

    def __init__(
        self,
        folder: Path,
        origin: str = "",
        hooks: Hooks | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.vault = Vault(folder)
        self.key = DeviceKey(self.vault)
        self.connection = Connection(self.vault, self.key, origin, hooks, transport)
        self._trust = Trust(self.vault)
        self.agent = Agent(self.vault, self.connection, self._trust)
        self._officer = OfficerAtHand(self.vault, self.connection, self._trust)
        self._replica = Replica(self.vault, self.connection)
        files = Files(self.vault, self.connection)
        self._packages = Packages(self.vault, files, self._trust)
        self.outbox = Outbox(self.vault, self.key, self.connection)
        self.apps = Apps(self.vault, files, self.agent, unsent=lambda: len(self.outbox.waiting()))
        self.agent.orders.installer = self.apps
        self.shelf = Shelf(self.vault, files, self.agent)

    @property
    def device_id(self) -> str:
        """The id the server gave this terminal, or an empty text."""
        return str(self.agent.identity.get("device_id", ""))

    def enrol(self, scanned: dict[str, Any], serial: str, patch_level: str = "") -> dict[str, Any]:
        """Come in with the content of an enrolment code."""
        today = datetime.now(UTC).date().isoformat()
        return self.agent.enrol(scanned, serial, patch_level or today)

    def check_in(self, **report: Any) -> dict[str, Any]:
        """Report in, apply what is new; the answer lists `commands` to carry out."""
        return self.agent.check_in(**report)

    def carry_out(self, commands: list[dict[str, Any]]) -> list[tuple[str, str]]:
        """Carry commands out; after a wipe nothing of this terminal is left."""
        if any(command["kind"] in _CLOSES for command in commands):
            self._packages.close()
        return list(self.agent.carry_out(commands))

    def sign_in(self, number: str, pin: str, client: str = CLIENT) -> dict[str, Any]:
        """Sign an officer in. Another officer's documents are erased first, their work is not."""
        self._packages.close()
        if self._officer.sign_in(number, pin, client):
            self._replica.forget()
        return self._officer.current

    def sign_out(self) -> None:
        """Sign out: nothing stays in clear, unsent work stays."""
        self._packages.close()
        self._officer.sign_out()

    def pull(self, *, prove: bool = False) -> dict[str, Pulled]:
        """Bring everything up to date that the officer may hold; drop what they no longer may."""
        lease = self._officer.take_lease(self.device_id)
        for name in set(self._replica.names()) - lease["collections"].keys():
            self._replica.drop(name)
        pulled = {name: self._replica.pull(name, prove=prove) for name in lease["collections"]}
        self._packages.update(self._replica.all("packages"))
        return pulled

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """Return what is held offline of a collection."""
        self._officer.require_lease()
        return list(self._replica.all(collection))

    def packages(self) -> dict[str, str]:
        """Return the versions of the packages held, by kind."""
        self._officer.require_lease()
        return self._packages.versions()

    def search(self, text: str, limit: int = 5) -> list[AddressHit]:
        """Find an address offline, slips forgiven."""
        self._officer.require_lease()
        return self._packages.addresses().search(text, limit=limit)

    def look_up(self, kind: str, value: str) -> dict[str, Any]:
        """Ask the offline hot list: `signal`, `reason`, `as_of` and `hits`; a hit is a lead."""
        self._officer.require_lease()
        hot_list = self._packages.hot_list()
        hits = hot_list.look_up(normalise(kind, value).subject)
        verdict = offline_signal(hits, hot_list.age(datetime.now(UTC)))
        return {
            "signal": verdict.signal.value,
            "reason": verdict.reason,
            "as_of": hot_list.as_of.isoformat(),
            "hits": [
                {
                    "id": hit.id,
                    "category": hit.category.value,
                    "action": hit.action,
                    "owner_agency": hit.owner_agency,
                }
                for hit in hits
            ],
        }

    def check(
        self, kind: str, value: str, purpose: str = "", case_ref: str = "", **more: Any
    ) -> dict[str, Any]:
        """Ask the server about a plate or a person."""
        body = {"kind": kind, "value": value, "purpose": purpose, "case_ref": case_ref, **more}
        answer: dict[str, Any] = self.connection.fetch("POST", "/mobile/v1/checks", body)
        return answer

    def collect(
        self,
        form_id: str,
        answers: Mapping[str, Any],
        files: Mapping[str, bytes] | None = None,
        *,
        incident: str = "",
    ) -> str:
        """Fill a form in, offline or not; return the op_id under which it waits to be pushed."""
        self._officer.require_lease()
        form = self._form(form_id)
        filled, named = fill(form, answers, files or {})
        body = {
            "instance_id": str(uuid4()),
            "form_id": form_id,
            "form_version": form["version"],
            "answers": filled,
            "attachments": named,
            "incident": incident,
            "device_time": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        kept = {entry["name"]: (files or {})[entry["name"]] for entry in named}
        return self.outbox.add("submission", body, self._officer.session_id, kept)

    def push(self) -> list[Sent]:
        """Send what waits, whoever made it. Sending twice is harmless."""
        return list(self.outbox.push())

    def status(self) -> dict[str, Any]:
        """Return what anybody may see on the lock screen; nothing of any record."""
        return {
            **self.agent.identity,
            "origin": self.connection.origin,
            "locked": self.agent.locked,
            "signed_in": (self.vault.get("officer", "current") or {})
            .get("officer", {})
            .get("number"),
            "waiting": len(self.outbox.waiting()),
            "apps": self.apps.installed(),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Put the terminal down: files in clear are deleted, connections closed."""
        self._packages.close()
        self.connection.close()
        self.vault.close()

    def _form(self, form_id: str) -> dict[str, Any]:
        for form in self._replica.all("forms"):
            if form["form_id"] == form_id:
                return form
        raise NotHeld(f"There is no form {form_id!r} on this terminal. Connect and pull.")
