"""The nginx site of deploy/, as it is but for paths and ports, in front of a live server."""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from muster.kernel.identity import people, system
from muster.kernel.identity.personal_certificates import lists, trust
from muster.kernel.kernel import Kernel
from muster.server.serving import Embedded
from tests.api.identity.conftest import OFFICERS, UNITS, appoint
from tests.factories.cards import Authority, Card, authority

DEPLOY = Path(__file__).parents[3] / "deploy" / "nginx"
SECRET = "j8Jx2mVq0Zr7Lw4Tn6Yb1Kd5Hs9Gf3Pc-QvRzUa"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
_FRAME = """daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{ access_log off; {temporary} include {folder}/upstreams.conf; include {folder}/muster.conf; }}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass
class Site:
    """Where the listeners are, and the authorities behind cards and the site's own certificate."""

    kernel: Kernel
    folder: Path
    root: Authority
    cards: Authority
    tls: Authority
    ports: dict[str, int] = field(default_factory=dict)

    def client(self, listener: str, card: Card | None = None) -> httpx.Client:
        """Return a browser at a listener, with a card or without."""
        host = "127.0.0.2" if listener == "office" else "localhost"
        return httpx.Client(
            base_url=f"https://{host}:{self.ports[listener]}", verify=self.context(card), timeout=10
        )

    def context(self, card: Card | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=self.tls.pem.decode())
        if card is not None:
            chain, key = self.folder / "card.pem", self.folder / "card.key"
            chain.write_bytes(card.pem + self.cards.pem)
            key.write_bytes(card.key_pem)
            context.load_cert_chain(chain, key)
        return context

    def raw(self, listener: str, request: bytes, source: str = "127.0.0.1") -> bytes:
        """Send bytes as they are and return the answer."""
        address = ("127.0.0.1", self.ports[listener])
        with (
            socket.create_connection(address, 10, (source, 0)) as line,
            self.context().wrap_socket(line, server_hostname="localhost") as tls,
        ):
            tls.sendall(request)
            answer = b""
            with suppress(ConnectionResetError, ssl.SSLEOFError):
                while more := tls.recv(65536):
                    answer += more
            return answer

    def renew_lists(self, *revoked: Card) -> None:
        with self.kernel.writes() as uow:
            lists.take(uow, system("test"), self.root.crl())
            lists.take(uow, system("test"), self.cards.crl(*revoked))


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    found = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return found


def write(site: Site) -> Path:
    """Write the site's files; only what a machine decides is replaced."""
    folder, (plain, internet, office, cards) = site.folder, _free_ports(4)
    site.ports = {"plain": plain, "internet": internet, "office": office, "cards": cards}
    for name in ("muster.conf", "site.inc", "headers.inc"):
        text = (DEPLOY / name).read_text("utf-8").replace("/etc/nginx/muster", str(folder))
        text = text.replace("/srv/muster/objects", str(folder / "blobs"))
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
        text = text.replace("127.0.0.2:443", f"127.0.0.2:{office}")
        for port, now in (("8443", cards), ("443", internet), ("80", plain)):
            text = re.sub(rf"listen {port}\b", f"listen 127.0.0.1:{now}", text)
        (folder / name).write_text(text, "utf-8")
    (folder / "upstreams.conf").write_text(
        f"upstream muster {{ server unix:{folder}/serve.sock; }}\n"
        f"upstream muster_edge {{ server unix:{folder}/serve.sock; }}\n"
    )
    secret = f'map "" $muster_proxy_secret {{ default "{SECRET}"; }}\n'
    (folder / "proxy-secret.inc").write_text(secret)
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
    frame = folder / "nginx.conf"
    frame.write_text(_FRAME.format(folder=folder, temporary=temporary))
    return frame


def own_certificate(site: Site) -> None:
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.2"))]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "muster.example")])
    own = site.tls.card(subject=subject, names=names, eku=(ExtendedKeyUsageOID.SERVER_AUTH,))
    (site.folder / "fullchain.pem").write_bytes(own.pem)
    (site.folder / "privkey.pem").write_bytes(own.key_pem)


@pytest.fixture(scope="module")
def authorities() -> tuple[Authority, Authority, Authority]:
    root = authority("Force Root")
    return root, root.authority("Force Cards"), authority("Site Root")


@pytest.fixture
def site(
    kernel: Kernel, tmp_path: Path, authorities: tuple[Authority, Authority, Authority]
) -> Iterator[Site]:
    site = Site(kernel, tmp_path, *authorities)
    frame = write(site)
    own_certificate(site)
    kernel.settings = replace(
        kernel.settings,
        origin=f"https://localhost:{site.ports['internet']}",
        certificate_origin=f"https://localhost:{site.ports['cards']}",
        proxy_secret=SECRET,
    )
    with kernel.writes() as uow:
        people.import_units(uow, system("test"), UNITS)
        people.import_officers(uow, system("test"), OFFICERS)
        trust.add(uow, system("test"), site.root.pem + site.cards.pem)
    appoint(kernel)
    with kernel.reads() as uow:
        (tmp_path / "client-ca.pem").write_bytes(trust.bundle(uow))
    site.renew_lists()
    with served(site, frame):
        yield site


@contextmanager
def served(site: Site, frame: Path) -> Iterator[None]:
    """Run nginx in front of the site's server; its certificate and its files are written."""
    folder = site.folder
    command = [NGINX, "-c", str(frame), "-e", str(folder / "error.log")]
    subprocess.run([*command, "-t", "-q"], check=True, timeout=20)
    with Embedded(site.kernel, host="", port=0, uds=folder / "serve.sock"):
        process = subprocess.Popen(command)
        try:
            _await(site.ports, process)
            yield
        finally:
            process.terminate()
            process.wait(10)


def _await(ports: dict[str, int], process: "subprocess.Popen[Any]") -> None:
    """Return once every listener accepts connections."""
    for name, port in ports.items():
        host = "127.0.0.2" if name == "office" else "127.0.0.1"
        while process.poll() is None:
            with suppress(OSError), socket.create_connection((host, port), 1):
                break
        assert process.poll() is None, "nginx ended"
