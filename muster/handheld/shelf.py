"""Files that this terminal must have: what the signed desired state names is fetched and kept."""

from typing import Any

from muster.handheld.agent import Agent
from muster.handheld.connection import Refused
from muster.handheld.errors import FileDamaged
from muster.handheld.files import Files
from muster.handheld.vault import Vault

_ROOM = "shelf"


class Shelf:
    """The required files of this terminal, sealed in its vault; each is the one that was signed for."""

    def __init__(self, vault: Vault, files: Files, agent: Agent) -> None:
        self._vault, self._files, self._agent = vault, files, agent

    def held(self) -> dict[str, int]:
        """Return versions by short name."""
        return {slug: file["version"] for slug, file in self._vault.all(_ROOM)}

    def update(self) -> list[dict[str, Any]]:
        """Fetch what is wanted and drop what is not any more; return what became of each change.

        The report of a check-in has no place for it: the server knows who fetched what.
        """
        wanted = {entry["slug"]: entry for entry in self._agent.desired.get("files", [])}
        states = [self._drop(slug) for slug in self.held() if slug not in wanted]
        for slug, entry in wanted.items():
            held = self._vault.get(_ROOM, slug)
            if held is None or held["sha256"] != entry["sha256"]:
                states.append(self._fetch(entry, held))
        return states

    def _fetch(self, wanted: dict[str, Any], held: dict[str, Any] | None) -> dict[str, Any]:
        """Keep the old version until the new one is whole and its hash is right."""
        state = {"slug": wanted["slug"], "version": wanted["version"]}
        try:
            self._files.fetch(wanted["url"], wanted["sha256"], wanted["size"], door="agent")
        except (FileDamaged, Refused) as fault:
            return state | {"state": "failed", "detail": str(fault)[:1000]}
        kept = {name: wanted[name] for name in ("version", "sha256", "name")}
        with self._vault.together():
            self._vault.put(_ROOM, wanted["slug"], kept)
            if held is not None:
                self._forget(held["sha256"])
        return state | {"state": "held"}

    def _drop(self, slug: str) -> dict[str, Any]:
        held = self._vault.get(_ROOM, slug)
        with self._vault.together():
            self._vault.drop(_ROOM, slug)
            self._forget(held["sha256"])
        return {"slug": slug, "version": held["version"], "state": "dropped"}

    def _forget(self, sha256: str) -> None:
        """Erase a content unless another file of the shelf is the same."""
        if all(file["sha256"] != sha256 for _, file in self._vault.all(_ROOM)):
            self._files.drop(sha256)
