"""Where the server sends requests, and where no name, redirect or second answer leads it."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from muster.kernel.outbound import Outbound, OutboundFailed, OutboundRefused, origin_of


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, list[dict[str, str]]]]:
    """A neighbour on loopback; it notes each request's headers."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(dict(self.headers))
            body = b"x" * 2000 if self.path == "/long" else b"hello"
            if self.path == "/packed":
                body = gzip.compress(b"0" * 10_000_000)
            self.send_response(302 if self.path == "/moved" else 200)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
            if self.path == "/packed":
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield running.server_address[1], asked
    running.shutdown()
    running.server_close()
    thread.join()


def leading_to(*addresses: str) -> Any:
    return lambda *_: list(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.3",
        "10.0.0.5",
        "172.16.9.9",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.5",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:5",
        "2002:a00:5::1",
        "ff02::1",
    ],
)
def test_a_name_that_leads_into_a_private_network_is_refused(address: str) -> None:
    with pytest.raises(OutboundRefused):
        Outbound(resolver=leading_to(address)).address_of("https://harmless.example/")


def test_one_private_address_among_public_ones_is_enough() -> None:
    way = Outbound(resolver=leading_to("93.184.215.14", "10.0.0.5"))
    with pytest.raises(OutboundRefused):
        way.address_of("https://harmless.example/")


def test_a_public_address_may_be_asked() -> None:
    way = Outbound(resolver=leading_to("93.184.215.14"))
    assert way.address_of("https://harmless.example/") == "93.184.215.14"
    with pytest.raises(OutboundRefused):
        way.address_of("http://harmless.example/")


def test_the_connection_goes_to_the_address_that_was_judged(
    server: tuple[int, list[dict[str, str]]],
) -> None:
    """DNS rebinding: a name server that answers otherwise the second time is not asked twice."""
    port, asked = server
    answers = [["127.0.0.1"], ["10.0.0.5"]]
    url = f"http://idp.police.example:{port}/"
    way = Outbound(frozenset({origin_of(url)}), resolver=lambda *_: answers.pop(0))
    assert way.get(url) == b"hello"
    assert len(answers) == 1
    assert asked[-1]["Host"] == f"idp.police.example:{port}"


def test_what_the_operator_named_may_be_private_but_no_metadata_service() -> None:
    named = frozenset({"http://idp.police.example:80"})
    way = Outbound(named, resolver=leading_to("10.0.0.5"))
    assert way.address_of("http://idp.police.example/") == "10.0.0.5"
    for address in ("169.254.169.254", "fe80::1", "0.0.0.0"):
        with pytest.raises(OutboundRefused):
            Outbound(named, resolver=leading_to(address)).address_of("http://idp.police.example/")


def test_a_way_to_somebody_leads_to_nobody_else() -> None:
    way = Outbound.to(["https://idp.police.example/realm"])
    for url in ("https://93.184.215.14/", "https://idp.police.example:8443/"):
        with pytest.raises(OutboundRefused):
            way.address_of(url)


@pytest.mark.parametrize("path", ["/moved", "/packed", "/long"])
def test_redirects_packed_and_endless_bodies_are_not_taken(
    server: tuple[int, list[dict[str, str]]], path: str
) -> None:
    url = f"http://127.0.0.1:{server[0]}{path}"
    with pytest.raises(OutboundFailed):
        Outbound.to([url], limit=1000).get(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://harmless.example/",
        "gopher://10.0.0.5/",
        "https://user:secret@harmless.example/",
        "https://harmless.example\\@10.0.0.5/",
        "https:///nothing",
        "https://harmless.example:99999/",
        "//harmless.example/",
        "",
    ],
)
def test_other_addresses_than_web_addresses_are_refused(url: str) -> None:
    with pytest.raises(OutboundRefused):
        Outbound().get(url)


@pytest.mark.parametrize("url", ["https://0x7f000001/", "https://2130706433/", "https://127.1/"])
def test_other_spellings_of_loopback_are_judged_as_what_they_mean(url: str) -> None:
    with pytest.raises((OutboundRefused, OutboundFailed)):
        Outbound().get(url)
