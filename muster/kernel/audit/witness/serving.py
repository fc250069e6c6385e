"""A witness over HTTP: `POST /add-checkpoint` as C2SP tlog-witness has it, and nothing secret.

`GET /checkpoint?origin=…` shows an auditor the note last cosigned, `GET /key` the verifier key.
Standard library only: what a witness is worth is what its owner can read.
"""

import binascii
import logging
import signal
import threading
import time
from base64 import b64decode
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from muster.kernel.audit.witness.ledger import MOST_HASHES, Ledger, Refused, Request, WrongSize

_MOST: Final = 64 * 1024
log = logging.getLogger(__name__)


def run(state: Path, host: str, port: int, name: str) -> None:
    """Serve until SIGINT or SIGTERM; prints the verifier key once it answers.

    Raises `BlockingIOError` if another process holds the state.
    """
    ledger = Ledger(state, name)
    with server(ledger, host, port) as serving:
        print(ledger.verifier_key, flush=True)  # noqa: T201 - what the server is to be told
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=serving.shutdown).start())
        serving.serve_forever(poll_interval=0.1)
    ledger.close()


def server(ledger: Ledger, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server that is bound; run it with `serve_forever`."""
    made = ThreadingHTTPServer((host, port), partial(_Handler, ledger))
    made.daemon_threads = True
    return made


def read(body: bytes) -> Request:
    """Read the body of an `add-checkpoint`, or raise `Refused` (400)."""
    try:
        head, found, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as error:
        raise Refused(400, "the body is not UTF-8\n") from error
    first, *lines = head.split("\n")
    word, _, size = first.partition(" ")
    plain = size.isascii() and size.isdigit() and len(size) < 20 and str(int(size)) == size
    if not found or word != "old" or not plain:
        raise Refused(400, "the body opens with: old, a space and a size\n")
    if len(lines) > MOST_HASHES:
        raise Refused(400, f"a proof has at most {MOST_HASHES} hashes\n")
    try:
        proof = [b64decode(line, validate=True) for line in lines]
    except binascii.Error as error:
        raise Refused(400, "the proof is not base64\n") from error
    if any(len(hash_) != 32 for hash_ in proof):
        raise Refused(400, "a hash has 32 bytes\n")
    return Request(int(size), proof, note)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server_version, sys_version = "muster-witness", ""

    def __init__(self, ledger: Ledger, *args: object) -> None:
        self._ledger = ledger
        super().__init__(*args)  # type: ignore[arg-type]

    def do_POST(self) -> None:
        """Cosign a checkpoint, or say why not."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MOST:
            self.close_connection = True
            self._answer(413 if length.isdigit() else 411, "")
            return
        body = self.rfile.read(int(length))
        if self.path != "/add-checkpoint":
            self._answer(404, "there is only /add-checkpoint\n")
            return
        try:
            cosignature = self._ledger.add(read(body), int(time.time()))
        except WrongSize as error:
            self._answer(error.status, error.body, "text/x.tlog.size")
        except Refused as refused:
            log.warning("refused with %d: %s", refused.status, refused.body.strip())
            self._answer(refused.status, refused.body)
        else:
            self._answer(200, cosignature)

    def do_GET(self) -> None:
        """Show what an auditor may compare with."""
        asked = urlsplit(self.path)
        if asked.path == "/key":
            self._answer(200, f"{self._ledger.verifier_key}\n")
            return
        origin = parse_qs(asked.query).get("origin", [""])[0]
        note = self._ledger.latest(origin) if asked.path == "/checkpoint" else None
        self._answer(200 if note else 404, note or "this witness has seen nothing of that log\n")

    def _answer(self, status: int, body: str, kind: str = "text/plain; charset=utf-8") -> None:
        encoded = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, template: str, *args: object) -> None:
        """Log through the standard logger."""
        log.info("%s %s", self.address_string(), template % args)
