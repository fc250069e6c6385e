"""`muster trust` as an operator types it, and the job that keeps revocation lists fresh."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from muster.kernel.identity import people, system
from muster.kernel.identity.personal_certificates import lists, trust
from muster.kernel.kernel import Kernel
from tests.api.identity.conftest import OFFICERS, UNITS
from tests.api.server.test_commands import Muster, logs, muster, said
from tests.factories.cards import authority

__all__ = ["logs", "muster"]

ACTOR = system("test")


class Shelf:
    """Where an authority publishes its list."""

    def __init__(self) -> None:
        shelf = self
        self.body = b""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(shelf.body)))
                self.end_headers()
                self.wfile.write(shelf.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/cards.crl"
        self.thread = Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    shelf.thread.start()
    yield shelf
    shelf.server.shutdown()
    shelf.server.server_close()
    shelf.thread.join()


def test_authorities_are_added_listed_and_removed(muster: Muster, tmp_path: Path) -> None:
    root = authority("Force Root")
    cards = root.authority("Force Cards")
    (tmp_path / "cards.pem").write_bytes(cards.pem)
    assert "issuer of CN=Force Cards is not trusted" in said(
        muster("trust", "add", tmp_path / "cards.pem")
    )
    (tmp_path / "ca.pem").write_bytes(cards.pem + root.pem)
    added = muster("trust", "add", tmp_path / "ca.pem").output.split()
    assert len(added) == 2
    listed = muster("trust", "list").output.splitlines()
    assert [line.split()[1] for line in listed] == ["root", "intermediate"]
    assert all("no list" in line for line in listed)
    assert muster("trust", "bundle", tmp_path / "out.pem").exit_code == 0
    assert (tmp_path / "out.pem").read_bytes().count(b"BEGIN CERTIFICATE") == 2
    assert "no longer believed" in muster("trust", "remove", added[1][:12]).output
    assert "exactly one fingerprint" in said(muster("trust", "remove", added[1][:12]))


@pytest.mark.parametrize("text", [b"", b"no certificate"])
def test_what_is_no_authority_is_refused(muster: Muster, tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "file.pem"
    file.write_bytes(text or authority("Force Root").card("A1").pem)
    said(muster("trust", "add", file))
    assert muster("trust", "list").output == ""


def test_lists_come_from_a_file_or_an_address_and_never_go_back(
    muster: Muster, tmp_path: Path, shelf: Shelf
) -> None:
    root = authority("Force Root")
    (tmp_path / "ca.pem").write_bytes(root.pem)
    fingerprint = muster("trust", "add", tmp_path / "ca.pem").output.strip()
    (tmp_path / "old.crl").write_bytes(root.crl(number=5))
    assert "is taken in" in muster("trust", "crl", tmp_path / "old.crl").output
    shelf.body = root.crl(number=4)
    assert "newer list" in said(muster("trust", "crl", shelf.url))
    shelf.body = authority("Force Root").crl(number=9)
    assert "not signed by this authority" in said(muster("trust", "crl", shelf.url))
    shelf.body = root.crl(number=6)
    assert muster("trust", "crl", shelf.url, "--of", fingerprint[:16]).exit_code == 0
    metadata = muster("trust", "crl", "http://169.254.169.254/latest")
    assert "address that no server listens on" in said(metadata)


def test_a_job_fetches_lists_and_tells_what_went_wrong(kernel: Kernel, shelf: Shelf) -> None:
    root = authority("Force Root")
    with kernel.writes() as uow:
        trust.add(uow, ACTOR, root.pem, crl_url=shelf.url)
    for body, error in ((root.crl(), ""), (b"<html>", "no revocation list"), (root.crl(), "")):
        shelf.body = body
        lists.refresh(kernel, {})
        with kernel.reads() as uow:
            (one,) = trust.listing(uow, ACTOR)
        assert error in one.crl_error
        assert bool(one.crl_error) is bool(error)
        assert one.next_update is not None


def test_cards_are_bound_and_believed_since_a_day(
    muster: Muster, kernel: Kernel, tmp_path: Path
) -> None:
    with kernel.writes() as uow:
        people.import_units(uow, ACTOR, UNITS)
        people.import_officers(uow, ACTOR, OFFICERS)
    (tmp_path / "card.pem").write_bytes(authority("Force Root").card("A1").pem)
    assert muster("trust", "bind", "A1", tmp_path / "card.pem").exit_code == 0
    assert "believed for 7 accounts" in muster("trust", "since", "2024-01-01").output
    assert "believed for 1 accounts" in muster("trust", "since", "2024-01-01", "A1").output
    assert "no officer ZZ" in said(muster("trust", "bind", "ZZ", tmp_path / "card.pem"))
    assert "MUSTER_OIDC_ISSUER" in said(muster("trust", "link", "A1", "subject-1"))
