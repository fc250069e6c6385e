"""Signed files for work without a network: kept sealed, in clear only while somebody works."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from muster.handheld.errors import FileDamaged, NotHeld
from muster.handheld.files import Files
from muster.handheld.trust import Trust
from muster.handheld.vault import Vault
from muster.ondevice import ManifestError, hotlist
from muster.ondevice.addresses import AddressBook

HOT_LIST, ADDRESSES = "hot_list", "addresses"
_ROOM = "packages"


class Packages:
    """The packages of this terminal by kind."""

    def __init__(self, vault: Vault, files: Files, trust: Trust) -> None:
        self._vault, self._files, self._trust = vault, files, trust
        self._bench: Path | None = None
        self._open: dict[str, Any] = {}

    def update(self, wanted: Iterator[dict[str, Any]]) -> list[str]:
        """Fetch what the officer may hold and does not; forget the rest. Return the kinds fetched.

        Each comes with a signed manifest: what no trusted key signed is `FileDamaged`.
        """
        fetched, kinds = [], set()
        for package in wanted:
            kinds.add(package["kind"])
            entry = self._checked(package)
            held = self._vault.get(_ROOM, package["kind"])
            if held is None or held["sha256"] != entry["sha256"]:
                self._files.fetch(package["url"], entry["sha256"], entry["size"])
                fetched.append(package["kind"])
            if held != package:
                self._replace(package, held)
        for kind in self._vault.names(_ROOM):
            if kind not in kinds:
                self._forget(kind)
        return fetched

    def versions(self) -> dict[str, str]:
        """Return the version held of each kind."""
        return {kind: package["version"] for kind, package in self._vault.all(_ROOM)}

    def addresses(self) -> AddressBook:
        """Return the address book."""
        if ADDRESSES not in self._open:
            self._open[ADDRESSES] = AddressBook(self._unpacked(ADDRESSES))
        book: AddressBook = self._open[ADDRESSES]
        return book

    def hot_list(self) -> hotlist.HotList:
        """Return the hot list."""
        if HOT_LIST not in self._open:
            self._open[HOT_LIST] = hotlist.HotList.open(self._unpacked(HOT_LIST))
        found: hotlist.HotList = self._open[HOT_LIST]
        return found

    def close(self) -> None:
        """Take everything off the bench: nothing stays in clear when nobody works."""
        for opened in self._open.values():
            opened.close()
        self._open.clear()
        if self._bench is not None:
            shutil.rmtree(self._bench, ignore_errors=True)
            self._bench = None

    def _checked(self, package: dict[str, Any]) -> dict[str, Any]:
        try:
            manifest = self._trust.check(package["manifest"], package["kind"])
        except ManifestError as error:
            raise FileDamaged(
                f"The {package['kind']} package is not to be used: {error}"
            ) from error
        entry: dict[str, Any] = manifest["files"][0]
        if (manifest["version"], entry["sha256"]) != (package["version"], package["sha256"]):
            raise FileDamaged(f"The {package['kind']} package is not the one its manifest names.")
        return entry

    def _replace(self, package: dict[str, Any], held: dict[str, Any] | None) -> None:
        self.close()
        self._vault.put(_ROOM, package["kind"], package)
        if held is not None and held["sha256"] != package["sha256"]:
            self._files.drop(held["sha256"])

    def _forget(self, kind: str) -> None:
        self.close()
        held = self._vault.get(_ROOM, kind)
        self._vault.drop(_ROOM, kind)
        self._files.drop(held["sha256"])

    def _unpacked(self, kind: str) -> Path:
        package = self._vault.get(_ROOM, kind)
        if package is None:
            raise NotHeld(f"There is no {kind} package on this terminal. Connect and pull.")
        entry = self._checked(package)
        if self._bench is None:
            self._bench = Path(tempfile.mkdtemp(prefix="muster-bench-"))
        path = self._bench / f"{kind}.sqlite"
        with suppress(FileNotFoundError):
            path.unlink()
        self._files.unpack(entry["sha256"], path)
        return path
