"""A reader of F-Droid repositories for tests, as strict about hashes as real clients are."""

import hashlib
import io
import json
import zipfile
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.appstore import Store
from tests.factories.terminal import TestTerminal

ACCESSES = "/appstore/v1/fdroid/accesses"


class Repository:
    """One repository at its address."""

    def __init__(
        self, client: FlaskClient, url: str, headers: dict[str, str] | None = None
    ) -> None:
        self.client, self.url, self.headers = client, url, headers or {}
        self.path = urlsplit(url).path

    def get(self, name: str, method: str = "GET", **headers: str) -> TestResponse:
        """Ask for a file."""
        return self.client.open(
            f"{self.path}/{name}", method=method, headers=self.headers | headers
        )

    def read(self, name: str) -> bytes:
        """Return the bytes of a file that must be there."""
        answer = self.get(name)
        assert answer.status_code == 200, (name, answer.status_code, answer.get_data(as_text=True))
        return answer.get_data()

    def entry(self) -> dict[str, Any]:
        """Return `entry.json`."""
        return inside(self.read("entry.jar"), "entry.json")

    def v1(self) -> dict[str, Any]:
        """Return `index-v1.json`."""
        return inside(self.read("index-v1.jar"), "index-v1.json")

    def v2(self) -> dict[str, Any]:
        """Return `index-v2.json`, which must be what the entry says."""
        entry = self.entry()
        return self.vouched(entry["index"])

    def vouched(self, file: dict[str, Any]) -> dict[str, Any]:
        """Return a file of JSON that the entry vouches for."""
        content = self.read(file["name"].removeprefix("/"))
        assert len(content) == file["size"]
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        told: dict[str, Any] = json.loads(content)
        assert len(told["packages"]) == file["numPackages"]
        return told

    def versions(self) -> dict[str, list[int]]:
        """Return the version codes of each package, the highest first."""
        return {
            package: sorted(
                (one["manifest"]["versionCode"] for one in said["versions"].values()), reverse=True
            )
            for package, said in self.v2()["packages"].items()
        }


def inside(jar: bytes, name: str) -> dict[str, Any]:
    """Return the JSON in a JAR."""
    with zipfile.ZipFile(io.BytesIO(jar)) as opened:
        told: dict[str, Any] = json.loads(opened.read(name))
        return told


def granted(store: Store, terminal: TestTerminal, **wish: Any) -> dict[str, Any]:
    """Make a capability for a terminal as its device admin."""
    wish = {"device_id": str(terminal.id), "label": "F-Droid"} | wish
    answer = store.admin.post(ACCESSES, wish)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told: dict[str, Any] = answer.get_json()
    return told


def repository(store: Store, terminal: TestTerminal) -> Repository:
    """Return a terminal's repository at a capability of its own."""
    url = granted(store, terminal)["links"]["repo_url"]
    return Repository(store.house.client, url)


def merge(target: Any, given: Any) -> Any:
    """Return a document after a merge patch, as clients apply it (RFC 7396 §2)."""
    if not isinstance(given, dict):
        return given
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in given.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged
