"""A witness cosigns what extends what it saw, and nothing else; the answers are the protocol's."""

import base64
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from muster.kernel.audit import VerifierKey, merkle, notes
from muster.kernel.audit.errors import NoteInvalid
from muster.kernel.audit.witness.cosignature import WitnessKey
from muster.kernel.audit.witness.ledger import Ledger, Refused, Request, trust
from muster.kernel.audit.witness.serving import read, server

ORIGIN = "muster/audit/test"
KILLED = Path(__file__).with_name("killed_witness.py")


class Log:
    """A log with a key of its own, which can say what it likes."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin, self.key = origin, Ed25519PrivateKey.generate()
        self.leaves = [sha256(b"%d" % place).digest() for place in range(40)]

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.origin, self.key.public_key().public_bytes_raw())

    def root(self, size: int) -> bytes:
        tree = merkle.CompactRange()
        for leaf in self.leaves[:size]:
            tree.append(leaf)
        return tree.root()

    def note(self, size: int) -> str:
        return notes.sign(notes.Checkpoint(self.origin, size, self.root(size)), self)

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data)

    @property
    def public_key(self) -> Ed25519PublicKey:
        return self.key.public_key()

    def proof(self, old: int, size: int) -> list[bytes]:
        def node(place: merkle.Node) -> bytes:
            level, index = place
            row = self.leaves[index << level : (index + 1) << level]
            while len(row) > 1:
                row = [merkle.node_hash(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
            return row[0]

        return merkle.path(merkle.consistency_spans(old, size), node) if 0 < old < size else []

    def body(self, old: int, size: int) -> bytes:
        proof = "".join(f"{base64.b64encode(one).decode()}\n" for one in self.proof(old, size))
        return f"old {old}\n{proof}\n{self.note(size)}".encode()


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def ledger(tmp_path: Path, log: Log) -> Iterator[Ledger]:
    trust(tmp_path, log.verifier)
    made = Ledger(tmp_path, "witness.example/1")
    yield made
    made.close()


def add(ledger: Ledger, body: bytes) -> str:
    return ledger.add(read(body), 1_700_000_000)


def refusal(ledger: Ledger, body: bytes) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        add(ledger, body)
    return refused.value.status, refused.value.body


def test_a_cosignature_is_what_c2sp_says(ledger: Ledger, log: Log) -> None:
    line = add(ledger, log.body(0, 7))
    name, blob = line.removeprefix("\N{EM DASH} ").rsplit(" ", 1)
    raw = base64.b64decode(blob)
    public = base64.b64decode(str(ledger.verifier_key).split("+", 2)[2])
    assert (name, public[0], line[-1]) == ("witness.example/1", 4, "\n")
    assert raw[:4] == sha256(name.encode() + b"\n" + public).digest()[:4]
    text = log.note(7).partition("\n\n")[0] + "\n"
    signed = f"cosignature/v1\ntime {int.from_bytes(raw[4:12])}\n{text}"
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(raw[12:], signed.encode())
    found = ledger.verifier_key.find(line, notes.parse(log.note(7)))
    assert found is not None
    assert found.at.timestamp() == 1_700_000_000
    assert ledger.verifier_key.find(line, notes.parse(log.note(8))) is None
    assert WitnessKey.parse(str(ledger.verifier_key)) == ledger.verifier_key


def test_a_log_that_grows_is_followed(ledger: Ledger, log: Log) -> None:
    size = 0
    for grown in (1, 2, 3, 8, 21, 21, 40):
        assert add(ledger, log.body(size, grown))
        size = grown
    assert ledger.latest(ORIGIN) == log.note(40)


def test_a_fork_is_refused_with_a_larger_and_with_the_same_size(ledger: Ledger, log: Log) -> None:
    add(ledger, log.body(0, 20))
    log.leaves[5] = bytes(32)
    status, said = refusal(ledger, log.body(20, 20))
    assert (status, "fork" in said) == (409, True)
    assert refusal(ledger, log.body(20, 33))[0] == 422
    assert refusal(ledger, log.body(20, 33).replace(b"\n\n", b"\nAAAA\n\n", 1))[0] == 400
    assert "\n20\n" in (ledger.latest(ORIGIN) or "")


def test_who_names_another_old_size_is_told_the_right_one(ledger: Ledger, log: Log) -> None:
    add(ledger, log.body(0, 20))
    for old, size in ((0, 25), (7, 25), (12, 12), (0, 20)):
        assert refusal(ledger, log.body(old, size)) == (409, "20\n")
    assert refusal(ledger, log.body(21, 20))[0] == 400


def test_a_first_proof_must_be_empty(ledger: Ledger, log: Log) -> None:
    extra = base64.b64encode(bytes(32))
    assert refusal(ledger, log.body(0, 5).replace(b"old 0\n", b"old 0\n" + extra + b"\n"))[0] == 422


def test_strangers_are_refused(ledger: Ledger, log: Log) -> None:
    stranger, thief = Log("muster/audit/other"), Log(ORIGIN)
    assert refusal(ledger, stranger.body(0, 3))[0] == 404
    assert refusal(ledger, thief.body(0, 3))[0] == 403
    assert ledger.latest(ORIGIN) is None


@pytest.mark.parametrize(
    "change",
    [
        (b"old 0", b"new 0"),
        (b"old 0", b"old 00"),
        (b"old 0", b"old -1"),
        (b"old 0\n\n", b"old 0\n"),
        (b"old 0\n", b"old 0\n" + b"AAAA\n" * 64),
        (b"old 0\n", b"old 0\n!\n"),
        (b"muster", b"\xff"),
    ],
)
def test_what_is_no_request_is_refused(
    ledger: Ledger, log: Log, change: tuple[bytes, bytes]
) -> None:
    assert refusal(ledger, log.body(0, 5).replace(*change, 1))[0] in (400, 422)


def test_of_two_requests_at_once_one_wins(ledger: Ledger, log: Log) -> None:
    """The race of tlog-witness: the smaller must never roll back the larger."""
    add(ledger, log.body(0, 10))
    gate = threading.Barrier(8)

    def go(size: int) -> int:
        gate.wait()
        try:
            add(ledger, log.body(10, size))
        except Refused as refused:
            return refused.status
        return 200

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(go, range(11, 19)))
    assert sorted(told) == [200, *[409] * 7]
    assert f"\n{11 + told.index(200)}\n" in (ledger.latest(ORIGIN) or "")


def test_a_kill_between_writing_and_storing_leaves_the_old_state(
    tmp_path: Path, ledger: Ledger, log: Log
) -> None:
    add(ledger, log.body(0, 10))
    (tmp_path / "body").write_bytes(log.body(10, 20))
    ledger.close()
    command = [sys.executable, str(KILLED), str(tmp_path), str(tmp_path / "body")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    again = Ledger(tmp_path, "another name")
    assert again.verifier_key == ledger.verifier_key
    assert again.latest(ORIGIN) == log.note(10)
    assert add(again, log.body(10, 20))
    again.close()


def test_one_state_is_held_by_one_witness(tmp_path: Path, ledger: Ledger) -> None:
    with pytest.raises(BlockingIOError):
        Ledger(tmp_path, "second")
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0


def test_the_wire_has_the_protocols_types(ledger: Ledger, log: Log) -> None:
    serving = server(ledger, "127.0.0.1", 0)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{serving.server_port}") as client:
            assert client.post("/add-checkpoint", content=log.body(0, 5)).status_code == 200
            stale = client.post("/add-checkpoint", content=log.body(0, 9))
            assert (stale.status_code, stale.text) == (409, "5\n")
            assert stale.headers["Content-Type"] == "text/x.tlog.size"
            assert client.get("/checkpoint", params={"origin": ORIGIN}).text == log.note(5)
            assert client.get("/checkpoint", params={"origin": "x"}).status_code == 404
            assert client.post("/elsewhere", content=b"").status_code == 404
            assert client.post("/add-checkpoint", content=bytes(70_000)).status_code == 413
    finally:
        serving.shutdown()
        thread.join()
        serving.server_close()


@pytest.mark.parametrize("text", ["", "name", "w+00000000+BAAA", "w+x+" + "A" * 44])
def test_what_is_no_witness_key_is_refused(text: str) -> None:
    with pytest.raises(NoteInvalid):
        WitnessKey.parse(text)


def test_requests_are_values(log: Log) -> None:
    assert read(log.body(3, 9)) == Request(3, log.proof(3, 9), log.note(9))
