"""Managed apps: what the signed desired state names is fetched, held against it, and reported."""

from typing import Any

from muster.handheld.agent import Agent
from muster.handheld.apk_signer import signer_of
from muster.handheld.connection import Refused
from muster.handheld.errors import FileDamaged
from muster.handheld.files import Files
from muster.handheld.vault import Vault

_ROOM = "apps"


class Apps:
    """The apps of this terminal. A reference terminal installs by keeping the file."""

    def __init__(self, vault: Vault, files: Files, agent: Agent) -> None:
        self._vault, self._files, self._agent = vault, files, agent

    def installed(self) -> dict[str, int]:
        """Return version codes by package."""
        return {package: app["version_code"] for package, app in self._vault.all(_ROOM)}

    def update(self, *, chosen: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
        """Install what is required, and of what is available what was chosen; report each."""
        states = []
        for wanted in self._agent.desired.get("apps", []):
            if wanted["mode"] != "required" and wanted["package"] not in chosen:
                continue
            held = self._vault.get(_ROOM, wanted["package"])
            if held is None or held["version_code"] < wanted["version_code"]:
                states.append(self._install(wanted, held))
        if states:
            self._agent.check_in(apps=states)
        return states

    def install(self, package: str) -> str:
        """Install a package now if it is desired here; return why not, '' when it is there."""
        wanted = {app["package"]: app for app in self._agent.desired.get("apps", [])}.get(package)
        if wanted is None:
            return f"{package} is not among the apps of this terminal."
        held = self._vault.get(_ROOM, package)
        if held is not None and held["version_code"] >= wanted["version_code"]:
            return ""
        return str(self._install(wanted, held).get("detail", ""))

    def remove(self, package: str) -> str:
        """Remove a package; return why not, '' when it is gone."""
        for wanted in self._agent.desired.get("apps", []):
            if (wanted["package"], wanted["mode"]) == (package, "required"):
                return f"{package} is required on this terminal."
        held = self._vault.get(_ROOM, package)
        if held is not None:
            self._vault.drop(_ROOM, package)
            self._files.drop(held["sha256"])
        return ""

    def _install(self, wanted: dict[str, Any], held: dict[str, Any] | None) -> dict[str, Any]:
        state = {"package": wanted["package"], "version_code": wanted["version_code"]}
        try:
            self._fetch(wanted, held)
        except (FileDamaged, Refused) as fault:
            return state | {"state": "failed", "detail": str(fault)[:1000]}
        kept = {name: wanted[name] for name in ("version_code", "sha256", "signer")}
        self._vault.put(_ROOM, wanted["package"], kept)
        if held is not None:
            self._files.drop(held["sha256"])
        return state | {"state": "installed"}

    def _fetch(self, wanted: dict[str, Any], held: dict[str, Any] | None) -> None:
        """Download an app; its certificate must be the one named, and the one installed before."""
        self._files.fetch(wanted["url"], wanted["sha256"], wanted["size"], door="agent")
        signer = signer_of(b"".join(self._files.read(wanted["sha256"])))
        if signer != wanted["signer"] or (held is not None and signer != held["signer"]):
            self._files.drop(wanted["sha256"])
            raise FileDamaged(f"{wanted['package']} is signed by somebody else; not installed.")
