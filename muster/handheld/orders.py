"""Commands carried out, or refused with a reason: each once, however often it is given.

What became of a command is kept under its id before it is told, so a command that comes again is
answered and not done again. Only what is put off, or shown and not yet read, is to come again.
"""

from collections.abc import Callable
from typing import Any, Protocol

from muster.handheld.logbook import Logbook
from muster.handheld.vault import Vault

_ROOM, _DONE, _KEPT = "agent", "done", 500
_SHOWN = "shown"
_AGENTS_OWN = frozenset({_ROOM, _DONE, "identity", "certificate", "apps", "log", "crashes"})
Command = dict[str, Any]
Result = dict[str, Any]


class Installer(Protocol):
    """Puts apps on the terminal and takes them away."""

    def install(self, package: str) -> str:
        """Install what is desired of a package; return why not, '' when it is there."""

    def remove(self, package: str) -> str:
        """Remove a package; return why not, '' when it is gone."""


def done(**data: Any) -> Result:
    """Return the result of a command that was carried out."""
    return {"outcome": "done", **({"data": data} if data else {})}


def failed(code: str, detail: str) -> Result:
    """Return the result of a command that this terminal cannot carry out."""
    return {"outcome": "failed", "code": code, "detail": detail}


class Orders:
    """What this terminal does on command; a wipe is the agent's own.

    `location` is the last fix (`{lat, lon, at, …}`) or None, `attended` whether somebody looks at
    the screen; the demo and the tests set both.
    """

    def __init__(self, vault: Vault, logbook: Logbook) -> None:
        self._vault, self._logbook = vault, logbook
        self.location: dict[str, Any] | None = None
        self.attended = True
        self.installer: Installer | None = None
        self._ways: dict[str, Callable[[Command], Result]] = {
            "lock": self._lock,
            "unlock": self._unlock,
            "lost_mode": self._lost,
            "end_lost_mode": self._found,
            "wipe_app_data": self._wipe_app_data,
            "reset_passcode": lambda _: failed("unsupported", "This terminal has no passcode."),
            "reboot": lambda _: failed("unsupported", "This terminal is a process; restart it."),
            "ring": self._ring,
            "message": self._message,
            "locate": self._locate,
            "collect_logs": self._collect_logs,
            "install": self._install,
            "remove": self._remove,
            "refresh": lambda _: done(),
        }

    def carry_out(self, command: Command) -> Result:
        """Do one command, or return what became of it the first time."""
        before: Result | None = self._vault.get(_DONE, command["id"])
        if before is not None:
            return before
        way = self._ways.get(command["kind"])
        result = way(command) if way else failed("unsupported", "This agent does not know it.")
        if _is_last_word(result):
            self._vault.put(_DONE, command["id"], result)
            for name in self._vault.names(_DONE)[:-_KEPT]:
                self._vault.drop(_DONE, name)
        self._logbook.write("info", f"{command['kind']}: {result['outcome']}")
        return result

    def _lock(self, command: Command) -> Result:
        self._vault.put(_ROOM, "locked", True)
        return done()

    def _unlock(self, command: Command) -> Result:
        self._vault.put(_ROOM, "locked", False)
        return done()

    def _lost(self, command: Command) -> Result:
        self._vault.put(_ROOM, "lost", _body(command))
        return self._lock(command)

    def _found(self, command: Command) -> Result:
        self._vault.drop(_ROOM, "lost")
        return self._unlock(command)

    def _wipe_app_data(self, command: Command) -> Result:
        if _body(command).get("packages"):
            return failed("unsupported", "Apps share one store here; it goes as a whole.")
        self._vault.clear(*(set(self._vault.rooms()) - _AGENTS_OWN))
        return done()

    def _ring(self, command: Command) -> Result:
        return done(seconds=_body(command).get("seconds", 0))

    def _message(self, command: Command) -> Result:
        body = _body(command)
        self._vault.put("messages", command["id"], str(body.get("message", "")))
        if not body.get("receipt"):
            return done()
        return done(receipt="acknowledged" if self.attended else _SHOWN)

    def _locate(self, command: Command) -> Result:
        if self.location is None:
            return failed("no_fix", "There is no position yet.")
        return done(**self.location)

    def _collect_logs(self, command: Command) -> Result:
        most = int(_body(command).get("max_lines", _KEPT))
        return done(lines=self._logbook.send(command["id"], most))

    def _install(self, command: Command) -> Result:
        return self._by_installer("install", command)

    def _remove(self, command: Command) -> Result:
        return self._by_installer("remove", command)

    def _by_installer(self, act: str, command: Command) -> Result:
        if self.installer is None:
            return failed("unsupported", "This terminal has no installer.")
        why_not = getattr(self.installer, act)(str(_body(command).get("package", "")))
        return failed("not_possible", why_not) if why_not else done()


def _is_last_word(result: Result) -> bool:
    """Whether the same answer is given for ever: not while put off, or shown and not yet read."""
    shown = result.get("data", {}).get("receipt") == _SHOWN
    return result["outcome"] != "not_now" and not shown


def _body(command: Command) -> dict[str, Any]:
    return dict(command.get("body") or {})
