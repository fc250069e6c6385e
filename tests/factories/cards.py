"""A force's certification authority: root, issuing authority, cards and revocation lists."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLIENT_AUTH = (ExtendedKeyUsageOID.CLIENT_AUTH,)
_NO_USE = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


def usage(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{**_NO_USE, **dict.fromkeys(uses, True)})


@dataclass
class Card:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass
class Authority(Card):
    """A certification authority that issues cards, authorities and lists."""

    issuer: "Authority | None" = None
    crls: int = field(default=0)

    def authority(self, name: str) -> "Authority":
        return authority(name, issuer=self)

    def card(self, number: str = "A1", **options: Any) -> Card:
        """Issue a card; `names` are subjectAltNames, `eku` its purposes, `more` other extensions."""
        subject = options.pop("subject", None) or x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, "Somebody"),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, number),
            ]
        )
        return _issue(subject, self, **options)

    def crl(self, *revoked: Card, at: datetime | None = None, **options: Any) -> bytes:
        """Return a revocation list in PEM; it holds for a day unless `ends` says otherwise."""
        now = at or datetime.now(UTC)
        self.crls += 1
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - timedelta(minutes=1))
            .next_update(options.get("ends") or now + timedelta(days=1))
            .add_extension(x509.CRLNumber(options.get("number", self.crls)), critical=False)
        )
        for extension in options.get("more", ()):
            builder = builder.add_extension(extension, critical=True)
        for card in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(card.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(now).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def authority(name: str = "Force Root", *, issuer: Authority | None = None) -> Authority:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = _issue(
        subject,
        issuer,
        ca=True,
        key_usage=usage("key_cert_sign", "crl_sign"),
        eku=(),
        days=3650,
    )
    return Authority(made.certificate, made.key, issuer)


def _issue(
    subject: x509.Name,
    issuer: Authority | None,
    *,
    ca: bool = False,
    key_usage: x509.KeyUsage | None = None,
    eku: Any = CLIENT_AUTH,
    names: Any = (),
    more: Any = (),
    start: datetime | None = None,
    days: float = 30,
) -> Card:
    key = ec.generate_private_key(ec.SECP256R1())
    start = start or datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(key_usage or usage("digital_signature"), critical=True)
    )
    if eku:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(eku)), critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), critical=False)
    for extension, critical in more:
        builder = builder.add_extension(extension, critical=critical)
    return Card(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)
