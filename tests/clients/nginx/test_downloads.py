"""Files that Muster leaves to nginx: whole, by range, by nobody else, and held by no worker."""

import hashlib
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from tests.clients.nginx.conftest import SECRET, Site, own_certificate, served, write
from tests.conftest import House
from tests.factories.appstore import Store, apk
from tests.factories.cards import authority
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal

pytestmark = pytest.mark.needs("nginx")

WORKERS = 8


@dataclass
class Depot:
    """A site with a release on its shelf, and a terminal that may fetch it."""

    site: Site
    terminal: TestTerminal
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def path(self) -> str:
        return f"/appstore/v1/downloads/{self.sha256}"

    def get(self, method: str = "GET", path: str = "", **headers: str) -> httpx.Response:
        path = path or self.path
        proof = {"DPoP": self.terminal.proof(method, path)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.site.client("internet") as client:
            return client.request(method, path, headers=proof | named)

    def slow_reader(self) -> ssl.SSLSocket:
        """Ask for the file and read nothing of it."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(10)
        line.connect(("127.0.0.1", self.site.ports["internet"]))
        tls = self.site.context().wrap_socket(line, server_hostname="localhost")
        proof = self.terminal.proof("GET", self.path)
        tls.sendall(f"GET {self.path} HTTP/1.1\r\nHost: x\r\nDPoP: {proof}\r\n\r\n".encode())
        return tls


@pytest.fixture
def depot(house: House, tmp_path: Path) -> Iterator[Depot]:
    store = Store(Force(house))
    content = apk(1, extra=bytes(9_000_000))
    terminal = store.terminal(store.pilot)
    store.rolled(store.approved(content), store.pilot)
    kernel, unused = house.kernel, authority("Nobody")
    site = Site(kernel, tmp_path, unused, unused, authority("Site Root"))
    frame = write(site)
    own_certificate(site)
    (tmp_path / "client-ca.pem").write_bytes(unused.pem)
    terminal.origin = f"https://localhost:{site.ports['internet']}"
    kernel.settings = replace(
        kernel.settings,
        origin=terminal.origin,
        proxy_secret=SECRET,
        accel_root="/_objects",
    )
    with served(site, frame):
        yield Depot(site, terminal, content)


def test_nginx_sends_what_muster_would_have_sent(depot: Depot) -> None:
    whole, size, etag = depot.get(), len(depot.content), f'"{depot.sha256}"'
    assert (whole.status_code, whole.content) == (200, depot.content)
    assert "x-accel-redirect" not in whole.headers
    assert "server-timing" not in whole.headers  # what nginx takes over of our answer is a list
    expected = {
        "etag": etag,
        "content-type": "application/vnd.android.package-archive",
        "cache-control": "private, max-age=31536000, immutable",
        "accept-ranges": "bytes",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "content-length": str(size),
    }
    assert {name: whole.headers.get(name) for name in expected} == expected
    assert "default-src 'none'" in whole.headers["content-security-policy"]
    assert "last-modified" not in whole.headers

    head = depot.get("HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(size))
    part = depot.get(Range=f"bytes={size - 7}-", If_Range=etag)
    assert (part.status_code, part.content) == (206, depot.content[-7:])
    assert part.headers["content-range"] == f"bytes {size - 7}-{size - 1}/{size}"
    assert part.headers["etag"] == etag
    for stale in (f"W/{etag}", '"other"', "Fri, 20 Nov 2026 19:42:06 GMT"):
        assert depot.get(Range="bytes=9-", If_Range=stale).status_code == 200, stale
    several = depot.get(Range="bytes=0-1,4-5")
    assert (several.status_code, len(several.content)) == (200, size)
    same = depot.get(If_None_Match=etag)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    assert depot.get(If_Modified_Since="Fri, 20 Nov 2099 00:00:00 GMT").status_code == 200
    assert depot.get(If_Match=etag).status_code == 200
    beyond = depot.get(Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable")
    assert beyond.headers["content-range"] == f"bytes */{size}"


def test_nobody_walks_into_the_store(depot: Depot) -> None:
    key = f"sha256/{depot.sha256[:2]}/{depot.sha256[2:4]}/{depot.sha256}"
    assert (depot.site.folder / "blobs" / key).is_file()
    for path in (
        f"/_objects/{key}",
        f"//_objects/{key}",
        f"/x/..//_objects/{key}",
        f"/%5fobjects/{key}",
        "/_objects/sha256/../../muster.db",
        "/_objects/sha256/%2e%2e/%2e%2e/muster.db",
        "/_objects/sha256..%2f..%2fmuster.db",
        f"/appstore/v1/downloads/..%2f..%2f..%2f_objects/{key}",
    ):
        start = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        forged = f"X-Accel-Redirect: /_objects/{key}\r\n\r\n"
        answer = depot.site.raw("internet", (start + forged).encode())
        assert answer[9:12] in (b"400", b"401", b"404"), (path, answer[:200])
        assert depot.content[:64] not in answer
    stranger = depot.site.raw(
        "internet",
        f"GET {depot.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode(),
    )
    assert stranger[9:12] == b"401"


def test_slow_readers_hold_no_worker(depot: Depot) -> None:
    with ExitStack() as waiting:
        slow = [waiting.enter_context(depot.slow_reader()) for _ in range(WORKERS + 2)]
        for reader in slow:
            assert reader.recv(12) == b"HTTP/1.1 200"
        assert depot.get("HEAD").status_code == 200
