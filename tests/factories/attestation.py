"""A maker of phones for tests: attestation chains as secure hardware writes them, and faulty ones.

Everything is generated; no real device's certificate is in here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

OID = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.1.17")
PACKAGE = "org.passmuster.agent"
SIGNER = "5a" * 32
Key = ec.EllipticCurvePrivateKey


def tlv(tag: int, *content: bytes) -> bytes:
    """Write one DER value with a one-byte identifier."""
    body = b"".join(content)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(size)]) + size + body


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def enumerated(value: int) -> bytes:
    return tlv(0x0A, bytes([value]))


def octets(value: bytes) -> bytes:
    return tlv(0x04, value)


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def tagged(tag: int, value: bytes) -> bytes:
    """Write an explicit context tag, in the long form above 30."""
    if tag < 31:
        return tlv(0xA0 | tag, value)
    digits = [tag & 0x7F]
    while tag := tag >> 7:
        digits.insert(0, 0x80 | tag & 0x7F)
    return bytes([0xBF, *digits]) + tlv(0, value)[1:]


@dataclass(frozen=True)
class Statement:
    """What the hardware says; a test changes one thing."""

    challenge: bytes = b"challenge"
    level: int = 1
    keymint_level: int = 1
    origin: int = 0
    locked: bytes = b"\xff"
    boot_state: int = 0
    root_of_trust: bool = True
    packages: Sequence[str] = (PACKAGE,)
    signers: Sequence[str] = (SIGNER,)
    os_patch: int = 202611
    ids: Mapping[int, str] = field(default_factory=dict)
    more_hardware: bytes = b""
    more_software: bytes = b""

    def encode(self) -> bytes:
        infos = [sequence(octets(name.encode()), integer(1)) for name in self.packages]
        digests = [octets(bytes.fromhex(signer)) for signer in self.signers]
        app = sequence(tlv(0x31, *infos), tlv(0x31, *digests))
        software = [tagged(701, integer(1)), tagged(709, octets(app)), self.more_software]
        trust = sequence(
            octets(b"k" * 32),
            tlv(0x01, self.locked),
            enumerated(self.boot_state),
            octets(b"h" * 32),
        )
        hardware = [
            tagged(1, tlv(0x31, integer(2))),
            tagged(702, integer(self.origin)),
            tagged(704, trust) if self.root_of_trust else b"",
            tagged(705, integer(160000)),
            tagged(706, integer(self.os_patch)),
            *(tagged(tag, octets(text.encode())) for tag, text in self.ids.items()),
            tagged(718, integer(20261105)),
            tagged(719, integer(20261105)),
            self.more_hardware,
        ]
        return sequence(
            integer(300),
            enumerated(self.level),
            integer(300),
            enumerated(self.keymint_level),
            octets(self.challenge),
            octets(b""),
            sequence(*software),
            sequence(*hardware),
        )


def name(**parts: str) -> x509.Name:
    oids = {
        "cn": NameOID.COMMON_NAME,
        "o": NameOID.ORGANIZATION_NAME,
        "serial": NameOID.SERIAL_NUMBER,
        "title": NameOID.TITLE,
    }
    return x509.Name([x509.NameAttribute(oids[key], value) for key, value in parts.items()])


@cache
def key_of(what: str) -> Key:
    """Return the same key for the same word: making keys is what costs time here."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Maker:
    """A vendor with a root. `chain` makes a phone's chain, leaf first, DER.

    remote: provisioned over the air. strongbox: what the certificates say of themselves. `until`
    ends the certificates between leaf and root. `serials` counts upwards from the leaf's issuer.
    """

    root: str = "root"
    remote: bool = False
    strongbox: bool = False
    since: timedelta = timedelta(days=30)
    until: timedelta = timedelta(days=30)

    @property
    def root_name(self) -> x509.Name:
        return name(cn=f"Muster Test {self.root}")

    @property
    def root_certificate(self) -> x509.Certificate:
        return certificate(
            self.root_name, key_of(self.root), self.root_name, key_of(self.root), serial=1
        )

    @property
    def root_pem(self) -> str:
        return self.root_certificate.public_bytes(Encoding.PEM).decode()

    def chain(
        self,
        key: Any,
        statement: Statement | bytes | None,
        now: datetime | None = None,
        **change: Any,
    ) -> list[bytes]:
        """Make a chain for a key; `change` goes to the leaf's certificate."""
        made = self.certificates(key, statement, now, **change)
        return [one.public_bytes(Encoding.DER) for one in made]

    def certificates(
        self,
        key: Any,
        statement: Statement | bytes | None,
        now: datetime | None = None,
        **change: Any,
    ) -> list[x509.Certificate]:
        now = now or datetime.now(UTC)
        span = {"since": now - self.since, "until": now + self.until}
        level = "StrongBox" if self.strongbox else "TEE"
        if self.remote:
            names = [name(cn="Droid CA2", o="Google LLC"), name(cn="Droid CA3", o="Google LLC")]
            names.append(name(cn="0a1b2c", o=level))
        else:
            names = [name(serial="99", title=level), name(serial="100", title=level)]
        issuer_name, issuer_key = self.root_name, key_of(self.root)
        above = [self.root_certificate]
        for index, subject in enumerate(names):
            subject_key = key_of(f"{self.root}{index}{self.remote}")
            made = certificate(
                subject, subject_key, issuer_name, issuer_key, serial=0xC0FFEE00 + index, **span
            )
            above.insert(0, made)
            issuer_name, issuer_key = subject, subject_key
        encoded = statement.encode() if isinstance(statement, Statement) else statement
        leaf = {"subject": name(cn="Android Keystore Key"), "serial": 1, **span} | change
        issuer_name = leaf.pop("issuer_name", issuer_name)
        signing = leaf.pop("signing_key", issuer_key)
        first = certificate(
            leaf.pop("subject"), key, issuer_name, signing, statement=encoded, **leaf
        )
        return [first, *above]


def certificate(
    subject: x509.Name,
    key: Any,
    issuer: x509.Name,
    signing: Key,
    *,
    serial: int,
    since: datetime | None = None,
    until: datetime | None = None,
    statement: bytes | None = None,
    hash_: hashes.HashAlgorithm | None = None,
) -> x509.Certificate:
    """Make one certificate. `key` is a private or public key."""
    now = datetime.now(UTC)
    public = key.public_key() if hasattr(key, "public_key") else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(serial)
        .not_valid_before(since or now - timedelta(days=30))
        .not_valid_after(until or now + timedelta(days=30))
    )
    if statement is not None:
        extension = x509.UnrecognizedExtension(OID, statement)
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(signing, hash_ or hashes.SHA256())


GOOD = Statement()


def but(**change: Any) -> Statement:
    """Return a good statement with one thing changed."""
    return replace(GOOD, **change)
