"""Real F-Droid programs against a live server: fdroidcl, fdroidserver's verifier, jarsigner."""

import hashlib
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from muster.server.serving import Embedded
from tests.clients import fdroidserver
from tests.conftest import House
from tests.factories.appstore import PACKAGE, Store, apk
from tests.factories.fdroid import ACCESSES, Repository
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal


@dataclass
class Live:
    """A store that is served, with a terminal in the pilot ring and one outside."""

    store: Store
    origin: str
    pilot: TestTerminal
    field: TestTerminal
    files: dict[int, bytes]

    def access(self, terminal: TestTerminal) -> dict[str, str]:
        """Make a capability and return its links."""
        wish = {"device_id": str(terminal.id), "label": "a real client"}
        made: dict[str, Any] = self.store.admin.post(ACCESSES, wish).get_json()
        links: dict[str, str] = made["links"]
        return links


@pytest.fixture
def live(house: House) -> Iterator[Live]:
    """The address that clients go to is in what is signed, so the origin is the server's own."""
    store = Store(Force(house))
    everybody = store.group("everybody")
    files = {code: apk(code) for code in (10, 11)}
    first, second = (store.approved(files[code]) for code in (10, 11))
    pilot, field = store.terminal(everybody, store.pilot), store.terminal(everybody)
    store.rolled(first, everybody)
    store.rolled(second, store.pilot)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    house.kernel.settings = replace(house.kernel.settings, origin=origin)
    with Embedded(house.kernel, host="127.0.0.1", port=port):
        yield Live(store, origin, pilot, field, files)


def fdroidcl(home: Path, *arguments: str) -> str:
    """Run fdroidcl in a home of its own, without adb in reach: it would leave a daemon behind."""
    programs = home / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    link = programs / "fdroidcl"
    if not link.exists():
        link.symlink_to("/usr/bin/fdroidcl")
    done = subprocess.run(
        ["fdroidcl", *arguments],
        env={"HOME": str(home), "PATH": str(programs)},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout + done.stderr


@pytest.mark.needs("fdroidcl")
def test_fdroidcl_updates_searches_shows_and_downloads(live: Live, tmp_path: Path) -> None:
    shown = {}
    for name, terminal in (("pilot", live.pilot), ("field", live.field)):
        home = tmp_path / name
        home.mkdir()
        fdroidcl(home, "repo", "disable", "f-droid")
        fdroidcl(home, "repo", "add", "muster", live.access(terminal)["repo_url"])
        fdroidcl(home, "update")
        assert "not modified" in fdroidcl(home, "update").lower()
        assert PACKAGE in fdroidcl(home, "search", "notes")
        shown[name] = fdroidcl(home, "show", PACKAGE)
        fdroidcl(home, "download", PACKAGE)
        (fetched,) = home.rglob("*.apk")
        newest = 11 if name == "pilot" else 10
        assert hashlib.sha256(fetched.read_bytes()).digest() == (
            hashlib.sha256(live.files[newest]).digest()
        )
    assert "1.11" in shown["pilot"]
    assert "1.10" in shown["pilot"], "the older version of the ring is there as well"
    assert "1.10" in shown["field"]
    assert "1.11" not in shown["field"]


@pytest.mark.needs("jarsigner", "pypi")
def test_fdroidserver_verifies_both_indexes_and_refuses_another_fingerprint(
    live: Live, tmp_path: Path
) -> None:
    links = live.access(live.pilot)
    repo = Repository(live.store.house.client, links["repo_url"])
    for name in ("entry.jar", "index-v1.jar"):
        (tmp_path / name).write_bytes(repo.read(name))
        done = subprocess.run(
            ["jarsigner", "-strict", "-verify", name],
            cwd=tmp_path,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 4, (name, done.stdout)
    url, _, fingerprint = links["link"].partition("?fingerprint=")
    wrong = f"{url}?fingerprint={hashlib.sha256(b'another key').hexdigest()}"
    assert len(fingerprint) == 64
    etag = repo.get("index-v1.jar").headers["ETag"]
    v1, v2, same, refused_v1, refused_v2 = fdroidserver.downloads(
        {"version": "v1", "url": links["link"]},
        {"version": "v2", "url": links["link"]},
        {"version": "v1", "url": links["link"], "etag": etag},
        {"version": "v1", "url": wrong},
        {"version": "v2", "url": wrong},
    )
    codes = [one["versionCode"] for one in v1["index"]["packages"][PACKAGE]]
    assert codes == [11, 10]
    versions = v2["index"]["packages"][PACKAGE]["versions"].values()
    assert {one["manifest"]["versionCode"] for one in versions} == {10, 11}
    assert (same["index"], same["etag"]) == (None, etag)
    assert "refused" in refused_v1
    assert "refused" in refused_v2
