"""A download centre with its publishers, and the bytes of small files of every sort."""

import io
import zipfile
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from tests.factories.appstore import REASON, Store
from tests.factories.mdm import Console
from tests.factories.terminal import TestTerminal

FILES = "/appstore/v1/files"
SHELF = "/appstore/v1/shelf"
PDF = b"%PDF-1.7\nhow to report an accident\n%%EOF\n"
EXE = b"MZ" + bytes(100) + b"PE\0\0 a tool"


def packed(*names: str) -> bytes:
    """Return a zip file with empty entries of these names."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name in names:
            file.writestr(name, "")
    return held.getvalue()


class Centre:
    """The download centre as its API shows it."""

    def __init__(self, store: Store) -> None:
        self.store, self.force = store, store.force

    def make(self, slug: str = "handbook", who: Console | None = None, **said: Any) -> str:
        """Make a file of the publisher's unit; return its slug."""
        body = {"slug": slug, "title": slug.title(), "unit": "NORTH", **said}
        answer = (who or self.store.publisher).post(FILES, body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return slug

    def upload(
        self, slug: str, content: bytes = PDF, name: str = "handbook.pdf", **said: Any
    ) -> TestResponse:
        """Upload a version as the request's body."""
        who = said.pop("who", self.store.publisher)
        query = urlencode({"name": name, **said})
        return who.call(
            "POST",
            f"{FILES}/{slug}/versions?{query}",
            data=content,
            content_type="application/octet-stream",
        )

    def shelved(self, slug: str = "handbook", content: bytes = PDF, **said: Any) -> dict[str, Any]:
        """Make a file for an audience (`said`) with a document in it; return the version."""
        self.make(slug, **said)
        answer = self.upload(slug, content)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        version: dict[str, Any] = answer.get_json()
        return version

    def assign(self, slug: str, group_id: str) -> None:
        """Have a group's terminals keep a file, and let the worker compile."""
        path = f"{FILES}/{slug}/groups/{group_id}"
        assert self.store.admin.call("PUT", path, REASON).status_code == 200
        self.force.work()

    def read(self, slug: str = "handbook") -> dict[str, Any]:
        """Return a file with its versions."""
        told: dict[str, Any] = self.store.publisher.get(f"{FILES}/{slug}").get_json()
        return told


def slugs(answer: TestResponse) -> list[str]:
    """Return the short names on a shelf."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [item["slug"] for item in answer.get_json()["items"]]


def required(terminal: TestTerminal) -> list[dict[str, Any]]:
    """Return the files that a terminal's signed desired state names."""
    answer = terminal.agent("GET", "/agent/v1/configuration")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    files: list[dict[str, Any]] = answer.get_json()["manifest"]["document"]["files"]
    return files
