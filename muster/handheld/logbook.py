"""The agent's own log and the crashes of apps, kept until the server has them."""

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from muster.handheld.connection import Connection
from muster.handheld.vault import Vault

_ROOM, _BATCH = "agent", "log_batch"
_LINES, _CRASHES, _KEPT = "log", "crashes", 500
Level = Literal["error", "warning", "info", "debug"]


class Logbook:
    """Newest lines win: beyond 500 the oldest is forgotten."""

    def __init__(self, vault: Vault, connection: Connection) -> None:
        self._vault, self._connection = vault, connection

    def write(self, level: Level, text: str, tag: str = "agent") -> None:
        """Keep one line."""
        line = {"at": _now(), "level": level, "tag": tag, "text": text[:4000]}
        self._vault.put(_LINES, str(uuid4()), line)
        for name in self._vault.names(_LINES)[:-_KEPT]:
            self._vault.drop(_LINES, name)

    def send(self, command_id: str = "", most: int = _KEPT) -> int:
        """Hand the newest lines in; return how many the server stored.

        A batch that got no answer goes first, as it was: sent twice it counts once.
        """
        waiting = self._vault.get(_ROOM, _BATCH)
        stored = self._hand_in(waiting) if waiting else 0
        names = self._vault.names(_LINES)[-most:] if most else []
        batch = {"batch": str(uuid4()), "names": names, "command_id": command_id or None}
        self._vault.put(_ROOM, _BATCH, batch)
        return stored + self._hand_in(batch)

    def _hand_in(self, batch: dict[str, Any]) -> int:
        kept, names = dict(self._vault.all(_LINES)), batch["names"]
        lines = [kept[name] for name in names if name in kept]
        body = {"batch": batch["batch"], "lines": lines, "command_id": batch["command_id"]}
        told = self._connection.agent("POST", "/agent/v1/logs", body)
        with self._vault.together():
            self._vault.drop(_ROOM, _BATCH)
            for name in names:
                self._vault.drop(_LINES, name)
        return int(told["stored"])

    def crashed(self, package: str, version_code: int, text: str) -> None:
        """Keep a crash for the next report."""
        crash_id = str(uuid4())
        crash = {"id": crash_id, "package": package, "version_code": version_code, "at": _now()}
        self._vault.put(_CRASHES, crash_id, crash | {"text": text[:16_000]})

    def crashes(self) -> list[dict[str, Any]]:
        """Return the oldest crashes that wait, as many as one report takes."""
        return [crash for _, crash in self._vault.all(_CRASHES)][:10]

    def told(self, crashes: list[dict[str, Any]]) -> None:
        """Forget crashes that the server has."""
        for crash in crashes:
            self._vault.drop(_CRASHES, crash["id"])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
