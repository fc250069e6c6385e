"""The pure decisions of keeping: retention rules, operations, draws, chains of command, CEF."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from muster.kernel.audit import operations
from muster.kernel.audit.forward import cef, syslog
from muster.kernel.audit.retention.rules import Retention
from muster.kernel.audit.review.chain import in_chain
from muster.kernel.audit.review.sampling import Act, bursts, sample
from muster.kernel.kernel import Kernel
from tests.factories.people import person

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DOCUMENT = {
    "action": "field.check.run",
    "actor_id": "a1",
    "actor_label": "20=40\\01",
    "at": "2026-11-20T10:58:12.203944Z",
    "case_ref": "A|1\nx",
    "id": "e1",
    "outcome": "denied",
    "operation": "combination",
    "policies": ["p.one", "p.two"],
    "reason": "what an officer typed",
    "result": {"hits": 3},
    "subjects": [{"hash": "ab", "key": "k", "kind": "plate"}],
}


def act(minute: float = 0, officer: int = 1) -> Act:
    at = NOW + timedelta(minutes=minute)
    return Act(uuid4(), at, UUID(int=officer), UUID(int=9), "field.check.run")


def test_the_longest_prefix_decides_how_long_an_entry_stays() -> None:
    rules = Retention.of("field.check.=730/2190, mdm.=365/365", 400, 500)
    kept = {
        name: rules.rule(name) for name in ("field.check.run", "mdm.x", "other", "audit.log.retire")
    }
    days = {name: (rule.hot, rule.cold) if rule else None for name, rule in kept.items()}
    assert days == {
        "field.check.run": (730, 2190),
        "mdm.x": (365, 365),
        "other": (400, 500),
        "audit.log.retire": None,
    }
    cuts = {prefix: (apart, before) for prefix, apart, before in rules.cuts(NOW)}
    assert cuts["mdm."][1] == NOW - timedelta(days=365)
    assert {"field.check.", "mdm.", "audit.hold."} <= set(cuts[""][0])
    assert not rules.cooled("other", NOW - timedelta(days=899), NOW)
    assert rules.cooled("other", NOW - timedelta(days=900), NOW)


@pytest.mark.parametrize("text", ["field", "x=1", "field.=30/100", "field.=730"])
def test_a_rule_that_is_none_or_too_short_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not|at the least"):
        Retention.of(text)


def test_every_action_says_what_it_does_with_personal_data(kernel: Kernel) -> None:
    silent = [
        action.name
        for action in kernel.guard.actions.values()
        if not operations.of(action.name, action.operation)
        and not action.name.startswith(operations.NOBODYS)
    ]
    assert silent == []
    used = {operations.of(a.name, a.operation) for a in kernel.guard.actions.values()} - {""}
    assert used == set(operations.OPERATIONS)


@pytest.mark.parametrize(
    ("action", "operation"),
    [
        ("field.check.run", "combination"),
        ("field.record.create", "collection"),
        ("field.record.read", "consultation"),
        ("field.record.review", "alteration"),
        ("offline_sync.collection.pull", "disclosure"),
        ("audit.entry.export", "disclosure"),
        ("mdm.device.wipe.approve", "erasure"),
        ("app.release.publish", ""),
    ],
)
def test_an_operation_follows_from_the_verb(action: str, operation: str) -> None:
    assert operations.of(action) == operation


def test_a_draw_is_one_per_cent_and_repeats_under_its_seed() -> None:
    acts = [act() for _ in range(5_000)]
    drawn = sample(acts, b"root")
    assert 20 <= len(drawn) <= 90
    assert sample(reversed(acts), b"root") == drawn
    assert sample(acts, b"another root") != drawn
    assert len(sample(acts[:1], b"root")) == 1
    assert sample([], b"root") == []


def test_a_burst_is_five_refusals_of_one_officer_in_ten_minutes() -> None:
    close = [act(minute) for minute in (0, 1, 2, 3, 10)]
    apart = [act(minute, officer=2) for minute in (0, 3, 6, 9, 12)]
    (found,) = bursts([*close, *apart])
    assert (found.first, found.count) == (close[0], 5)
    again = bursts([act(minute) for minute in (0, 1, 2, 3, 4, 30, 31, 32, 33, 34, 35)])
    assert [burst.count for burst in again] == [5, 6]
    mixed = [act(place, officer=place) for place in range(8)]
    assert bursts(mixed) == []


@pytest.mark.parametrize(
    ("reviewer", "officer", "related"),
    [
        (person("auditor", unit="/CITY/"), person("officer", unit="/CITY/NORTH/"), False),
        (
            person("auditor", "supervisor@NORTH", unit="/CITY/"),
            person(unit="/CITY/NORTH/N1/"),
            True,
        ),
        (person("auditor", "supervisor@SOUTH", unit="/CITY/"), person(unit="/CITY/NORTH/"), False),
        (person("auditor", unit="/CITY/NORTH/N1/"), person("supervisor@CITY", unit="/CITY/"), True),
        (person("auditor", unit="/CITY/NORTH/"), person("supervisor@N1", unit="/CITY/N1/"), False),
    ],
)
def test_a_chain_of_command_goes_both_ways(reviewer, officer, related) -> None:
    assert in_chain(reviewer, officer, NOW) is related


def test_cef_escapes_and_carries_references_only() -> None:
    text = cef.event(41, DOCUMENT)
    assert text.startswith("CEF:0|Muster|Muster|")
    assert "|field.check.run|field.check.run|6|rt=1795172292203 externalId=e1 " in text
    assert "suser=20\\=40\\\\01 " in text
    assert "cs1=A|1\\nx cs1Label=case" in text
    assert "cn1=41 cn1Label=seq" in text
    for content in ("typed", "hits", "plate", "ab "):
        assert content not in text
    assert "\n" not in text


def test_a_message_is_rfc_5424() -> None:
    sent = syslog.message(NOW, "muster.example", 41, action="a.b", grave=True, body="CEF:0|x")
    assert sent == (
        b"<108>1 2026-11-20T12:00:00.000000Z muster.example muster - a.b "
        b'[meta sequenceId="42"] CEF:0|x'
    )


@pytest.mark.parametrize("url", ["http://x", "tcp://", "tcp://h/path", "tls://u@h", "host:514"])
def test_what_is_no_collector_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"udp://|Port"):
        syslog.Collector.parse(url)


class Listener:
    """A collector that reads to the end of each connection and keeps the frames (RFC 6587)."""

    def __init__(self, context: ssl.SSLContext | None = None, *, rude: bool = False) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.frames: list[bytes] = []
        self._context, self._rude = context, rude
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            with line:
                if self._rude:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    continue
                with suppress(OSError):
                    self._take(line)

    def _take(self, line: socket.socket) -> None:
        if self._context is None:
            self._read(line)
            return
        with self._context.wrap_socket(line, server_side=True) as secured:
            self._read(secured)

    def _read(self, line: socket.socket) -> None:
        data = b""
        while part := line.recv(65_536):
            data += part
        while data:
            size, _, rest = data.partition(b" ")
            self.frames.append(rest[: int(size)])
            data = rest[int(size) :]
        if isinstance(line, ssl.SSLSocket):
            line.unwrap()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def test_frames_reach_a_collector_over_tcp(listener: Listener) -> None:
    collector = syslog.Collector.parse(f"tcp://127.0.0.1:{listener.port}")
    collector.send([b"one", b"two and \xe4\xb8\x89"])
    collector.send([b"three"])
    assert listener.frames == [b"one", b"two and \xe4\xb8\x89", b"three"]


def test_a_collector_that_drops_us_has_taken_nothing() -> None:
    rude = Listener(rude=True)
    with pytest.raises(OSError, match=r"."):
        syslog.Collector.parse(f"tcp://127.0.0.1:{rude.port}").send([b"x" * 100] * 1_000)
    rude.close()


def test_datagrams_carry_one_message_each() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(5)
        collector = syslog.Collector.parse(f"udp://127.0.0.1:{line.getsockname()[1]}")
        collector.send([b"one", b"two"])
        assert [line.recv(100), line.recv(100)] == [b"one", b"two"]


def test_tls_is_verified_and_its_end_awaited(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    secure = Listener(context)
    try:
        trusted = f"tls://localhost:{secure.port}?ca={certificate}"
        syslog.Collector.parse(trusted).send([b"one"])
        assert secure.frames == [b"one"]
        with pytest.raises(ssl.SSLCertVerificationError):
            syslog.Collector.parse(f"tls://localhost:{secure.port}").send([b"two"])
        wrong_name = f"tls://127.0.0.1:{secure.port}?ca={certificate}"
        with pytest.raises(ssl.SSLCertVerificationError):
            syslog.Collector.parse(wrong_name).send([b"two"])
        assert secure.frames == [b"one"]
    finally:
        secure.close()
