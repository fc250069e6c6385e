"""What is installed, told whole once and by what changed from then on."""

from typing import Any

from muster.handheld.vault import Vault
from muster.ondevice.canonical import content_hash

_ROOM, _TOLD, _SENT = "agent", "software_told", "software_sent"


class Inventory:
    """The list of packages as the server holds it, and what to tell so that it is right again."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def packages(self) -> dict[str, dict[str, Any]]:
        """What is installed here."""
        return {
            package: {"version_code": app["version_code"], "version": ""}
            for package, app in self._vault.all("apps")
        }

    def news(self) -> dict[str, Any] | None:
        """Return the `software` member of the next report, None when nothing changed.

        After one whose answer never came even an empty change is told: its base shows the server
        whether both mean the same.
        """
        told, now = self._vault.get(_ROOM, _TOLD), self.packages
        doubtful = bool(self._vault.get(_ROOM, _SENT))
        if told == now and not doubtful:
            return None
        self._vault.put(_ROOM, _SENT, True)
        if told is None:
            return {"full": now}
        changed = {name: one for name, one in now.items() if told.get(name) != one}
        gone = [name for name in told if name not in now]
        return {"base": content_hash(told), "changed": changed, "removed": gone}

    def told(self, software: dict[str, Any] | None, *, resync: bool) -> None:
        """Remember what the server holds now; after `software_resync` the next report tells all."""
        self._vault.drop(_ROOM, _SENT)
        if resync:
            self._vault.drop(_ROOM, _TOLD)
        elif software is not None:
            before = self._vault.get(_ROOM, _TOLD) or {}
            kept = {n: one for n, one in before.items() if n not in software.get("removed", ())}
            now = software.get("full", kept | software.get("changed", {}))
            self._vault.put(_ROOM, _TOLD, now)
