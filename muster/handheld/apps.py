"""Managed apps: what the signed desired state names is fetched, held against it, and reported.

`app_files.py` says which files those are and whether to believe them, `app_conditions.py` whether
now is the time. What became of each app waits in the vault until the server has heard it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from muster.handheld.agent import Agent
from muster.handheld.app_conditions import Surroundings, waits_for
from muster.handheld.app_files import fetch, needed
from muster.handheld.errors import AppRefused
from muster.handheld.files import Files
from muster.handheld.vault import Vault
from muster.ondevice.canonical import content_hash

_ROOM, _AGENT, _NEWS, _TOLD = "apps", "agent", "app_news", "app_told"

Entry = dict[str, Any]


class Apps:
    """The apps of this terminal. A reference terminal installs by keeping the files.

    `unsent` counts the pieces of work that wait to be sent: while there are any, nothing is removed
    that would lose them. `around` is what the terminal knows of itself, `now` its own clock.
    """

    def __init__(
        self, vault: Vault, files: Files, agent: Agent, unsent: Callable[[], int] = lambda: 0
    ) -> None:
        self._vault, self._files, self._agent, self._unsent = vault, files, agent, unsent
        self.around = Surroundings()
        self.now: Callable[[], datetime] = lambda: datetime.now().astimezone()

    def installed(self) -> dict[str, int]:
        """Return version codes by package."""
        return {package: app["version_code"] for package, app in self._vault.all(_ROOM)}

    def config(self, package: str) -> dict[str, Any]:
        """Return the managed configuration that lies beside an app."""
        return dict((self._vault.get(_ROOM, package) or {}).get("config") or {})

    def update(self, *, chosen: frozenset[str] = frozenset()) -> list[Entry]:
        """Make the apps what they are to be, and of what is available install what was chosen.

        Returns what is new of each. Reports whose answer never came are sent again.
        """
        states = [
            state
            for wanted in self._agent.desired.get("apps", [])
            if (state := self._follow(wanted, wanted["package"] in chosen))
        ]
        news = self._kept(states)
        if news:
            self._agent.check_in(apps=list(news.values()))
            self._vault.drop(_AGENT, _NEWS)
        return states

    def install(self, package: str) -> str:
        """Install a package now if it is desired here; return why not, '' when it is there."""
        wanted = self._wanted(package)
        if wanted is None:
            return f"{package} is not among the apps of this terminal."
        if wanted["mode"] == "blocked":
            return f"{package} must not be on this terminal."
        held = self._vault.get(_ROOM, package)
        if held is not None and held["version_code"] >= wanted["version_code"]:
            return ""
        return str(self._install(wanted, held).get("detail", ""))

    def remove(self, package: str) -> str:
        """Remove a package; return why not, '' when it is gone."""
        wanted = self._wanted(package)
        if wanted is not None and wanted["mode"] == "required":
            return f"{package} is required on this terminal."
        self._forget(package)
        return ""

    def _wanted(self, package: str) -> Entry | None:
        apps: list[Entry] = self._agent.desired.get("apps", [])
        return next((app for app in apps if app["package"] == package), None)

    def _follow(self, wanted: Entry, picked: bool) -> Entry | None:
        """Do what one entry asks for; return what to report, None when there is nothing new."""
        held = self._vault.get(_ROOM, wanted["package"])
        if wanted["mode"] == "blocked":
            return self._barred(wanted, held)
        if "reinstall" in wanted:
            return self._go_back(wanted, held)
        if held is not None and held["version_code"] >= wanted["version_code"]:
            return self._configure(wanted, held)
        if wanted["mode"] != "required" and not picked:
            return None
        waits = "" if picked else waits_for(wanted, self.around, self.now())
        if waits:
            return self._once(_state(wanted, "waiting", reason=waits))
        return self._install(wanted, held)

    def _barred(self, wanted: Entry, held: Entry | None) -> Entry | None:
        """Remove what must not be here; while work is unsent it is only suspended."""
        if held is None:
            return None
        here = wanted | {"version_code": held["version_code"]}
        if self._unsent():
            self._vault.put(_ROOM, wanted["package"], held | {"suspended": True})
            return self._holds_work(here)
        self._forget(wanted["package"])
        return _state(here, "removed")

    def _go_back(self, wanted: Entry, held: Entry | None) -> Entry | None:
        """Remove a newer version and install an older one: not while any work is unsent."""
        if held is None or held["version_code"] < wanted["version_code"]:
            return self._install(wanted, held)
        if held["version_code"] == wanted["version_code"]:
            return self._once(_state(wanted, "installed"))
        return self._holds_work(wanted) if self._unsent() else self._install(wanted, held)

    def _holds_work(self, wanted: Entry) -> Entry | None:
        return self._once(self._outbox_first(wanted))

    def _outbox_first(self, wanted: Entry) -> Entry:
        unsent = self._unsent()
        detail = f"{unsent} pieces of work are not sent yet."
        reason = "outbox_not_empty"
        return _state(wanted, "waiting_outbox", reason=reason, detail=detail, unsent=unsent)

    def _install(self, wanted: Entry, held: Entry | None) -> Entry:
        signers = {wanted["signer"]} | ({held["signer"]} if held is not None else set())
        try:
            files = needed(wanted, self.around)
            fetch(self._files, wanted, files, signers)
        except AppRefused as fault:
            return _state(wanted, "failed", reason=fault.reason, detail=str(fault)[:1000])
        if "reinstall" in wanted and self._unsent():  # somebody worked while it was fetched
            return self._outbox_first(wanted)
        names = ("version_code", "sha256", "signer", "web", "config")
        kept = {name: wanted[name] for name in names if name in wanted}
        kept["files"] = [file["sha256"] for file in files]
        with self._vault.together():
            self._forget(wanted["package"], but=frozenset(kept["files"]))
            self._vault.put(_ROOM, wanted["package"], kept)
        return _state(wanted, "installed")

    def _configure(self, wanted: Entry, held: Entry) -> Entry | None:
        """Lay a new managed configuration beside an app that is installed, and let it run."""
        if held.get("config") == wanted.get("config") and not held.get("suspended"):
            return None
        kept = {name: value for name, value in held.items() if name not in ("config", "suspended")}
        given = {"config": wanted["config"]} if "config" in wanted else {}
        self._vault.put(_ROOM, wanted["package"], kept | given)
        return _state(wanted, "installed", version_code=held["version_code"])

    def _forget(self, package: str, but: frozenset[str] = frozenset()) -> None:
        held = self._vault.get(_ROOM, package)
        if held is None:
            return
        self._vault.drop(_ROOM, package)
        for sha256 in {held["sha256"], *held.get("files", ())} - but:
            self._files.drop(sha256)

    def _once(self, state: Entry) -> Entry | None:
        """Return a state unless it is the last one told of its app."""
        told = self._vault.get(_AGENT, _TOLD) or {}
        return None if told.get(state["package"]) == state else state

    def _kept(self, states: list[Entry]) -> dict[str, Entry]:
        """Keep what is to be reported, the last word of each app, beside what still waits."""
        news: dict[str, Entry] = self._vault.get(_AGENT, _NEWS) or {}
        if not states:
            return news
        fresh = {state["package"]: state for state in states}
        with self._vault.together():
            self._vault.put(_AGENT, _NEWS, news | fresh)
            self._vault.put(_AGENT, _TOLD, (self._vault.get(_AGENT, _TOLD) or {}) | fresh)
        return news | fresh


def _state(wanted: Entry, state: str, **more: Any) -> Entry:
    """Return what is told of an app; what is installed says which configuration lies beside it."""
    said: Entry = {"package": wanted["package"], "state": state}
    if "version_code" in wanted:
        said["version_code"] = wanted["version_code"]
    if state == "installed" and "config" in wanted:
        said["config_hash"] = content_hash(wanted["config"])
    return said | more
