"""Scanners of the house: what they find is a check, and without their answer nothing goes on."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.api.appstore.test_hostile_uploads import assert_nothing_left
from tests.factories.appstore import PACKAGE, Store, apk
from tests.factories.clamd import EICAR, clamd


def uses(store: Store, **scanners: str) -> None:
    kernel = store.house.kernel
    kernel.settings = replace(kernel.settings, **scanners)


def scanned(shown: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    found = (check for check in shown["checks"] if check["rule"].startswith("scanner."))
    return {check["rule"]: (check["verdict"], check["evidence"]) for check in found}


def test_clamav_keeps_a_virus_out_and_lets_the_others_in(store: Store) -> None:
    with clamd() as address:
        uses(store, scanner_clamd=address)
        good = store.upload(apk(1, extra=bytes(1 << 20)))
        assert scanned(good.get_json()) == {"scanner.clamd": ("pass", [])}
        answer = store.upload(apk(2, extra=EICAR))
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "release_rejected")
    assert problem["checks"] == [
        {"rule": "scanner.clamd", "evidence": ["Eicar-Test-Signature"]},
    ]


def test_while_clamav_is_silent_an_upload_waits_and_its_publisher_sees_why(store: Store) -> None:
    with clamd() as address:
        port = int(address.rpartition(":")[2])
    uses(store, scanner_clamd=address)
    waiting = store.submitted(apk(1))
    path = f"/appstore/v1/releases/{waiting['id']}"
    assert (waiting["state"], waiting["package"], waiting["approval_id"]) == (
        "scanning",
        PACKAGE,
        None,
    )
    assert_unscanned(store, path)
    again(store)
    assert_unscanned(store, path)
    with clamd(limit=1000, port=port):
        again(store)
    shown = store.publisher.get(path).get_json()
    assert "StreamMaxLength" in shown["checks"][0]["evidence"][0]
    with clamd(port=port):
        again(store)
    shown = store.publisher.get(path).get_json()
    assert (shown["release"]["state"], scanned(shown)["scanner.clamd"][0]) == (
        "needs_review",
        "pass",
    )
    awake = store.force.console("V3", "approver")
    assert store.approve(shown["release"], awake).status_code == 200


def test_a_scanner_that_speaks_http_may_warn_block_or_talk_nonsense(store: Store) -> None:
    answers = [
        {"verdict": "warn", "evidence": ["an odd tracker"]},
        {"verdict": "block", "evidence": ["known to spy"]},
        {"verdict": "perhaps"},
    ]
    with http_scanner(answers) as (address, seen):
        uses(store, scanner_http=address)
        content = apk(1)
        shown = store.upload(content).get_json()
        assert scanned(shown) == {"scanner.http": ("warn", ["an odd tracker"])}
        assert seen == [content]
        assert store.upload(apk(2)).get_json()["checks"][0]["evidence"] == ["known to spy"]
        assert store.submitted(apk(3))["state"] == "scanning"


def test_a_file_that_is_no_apk_is_shown_to_no_scanner(store: Store) -> None:
    with http_scanner([]) as (address, seen):
        uses(store, scanner_http=address)
        assert store.upload(b"no apk").get_json()["code"] == "apk_refused"
        assert seen == []
    assert_nothing_left(store)


def again(store: Store) -> None:
    store.house.clock.advance(minutes=6)
    store.force.work()


def assert_unscanned(store: Store, path: str) -> None:
    shown = store.publisher.get(path).get_json()
    assert shown["release"]["state"] == "scanning"
    (check,) = shown["checks"]
    assert (check["rule"], check["verdict"]) == ("scanner.clamd", "warn")
    assert "does not answer" in check["evidence"][0]


@contextmanager
def http_scanner(answers: list[dict[str, Any]]) -> Iterator[tuple[str, list[bytes]]]:
    seen: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(answers[len(seen) - 1]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/scan", seen
        server.shutdown()
        thread.join()
