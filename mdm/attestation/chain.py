"""Whether a chain of certificates leads from a key in secure hardware to a root we pinned.

Rules as in Google's own verifier (github.com/android/keyattestation): only the first certificate
carries the extension, so that nobody extends a real chain by a statement of his own; expiry is
passed over in chains made at the factory, whose keys cannot be renewed, and held against those
provisioned over the air; the first certificate's validity is set by the terminal and says nothing.
"""

import base64
import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from mdm.attestation import der
from mdm.attestation.der import DerError
from mdm.attestation.reasons import Reason
from muster.ondevice.jwk import thumbprint

MOST_CERTIFICATES: Final = 10
MOST_BYTES: Final = 64 * 1024
_OID: Final = bytes.fromhex("2b06010401d679020111")  # 1.3.6.1.4.1.11129.2.1.17
_OBJECT_IDENTIFIER: Final = 6
_STRONG: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
UNREADABLE: Final = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
)


class Rejected(Exception):
    """A chain that is not to be believed; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Link:
    """One certificate of a chain. What is odd about it raises `Rejected("malformed")` when read."""

    def __init__(self, encoded: bytes) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.certificate = x509.load_der_x509_certificate(encoded)
                self.subject, self.issuer = self.certificate.subject, self.certificate.issuer
                self.serial = format(self.certificate.serial_number, "x")
            self.statement = _statement(self.certificate.tbs_certificate_bytes)
        except UNREADABLE as error:
            raise Rejected("malformed") from error

    @cached_property
    def pin(self) -> str:
        """SHA-256 over the public key (SubjectPublicKeyInfo), hex."""
        try:
            return pin(self.certificate)
        except UNREADABLE as error:
            raise Rejected("malformed") from error

    @property
    def jkt(self) -> str:
        """The RFC 7638 thumbprint of a P-256 key; '' for any other key."""
        try:
            key = self.certificate.public_key()
        except UNREADABLE:
            return ""
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(
            key.curve, ec.SECP256R1
        ):
            return ""
        numbers = key.public_numbers()
        x, y = (_base64url(part.to_bytes(32)) for part in (numbers.x, numbers.y))
        return thumbprint({"kty": "EC", "crv": "P-256", "x": x, "y": y})

    def named(self, oid: x509.ObjectIdentifier) -> str:
        """Return one part of the subject's name, '' where it has none."""
        parts = self.subject.get_attributes_for_oid(oid)
        return str(parts[0].value) if parts else ""


@dataclass(frozen=True)
class Chain:
    """A chain as it was shown: the attested key first, the root last."""

    links: Sequence[Link]

    @property
    def factory(self) -> bool:
        """Whether its keys were put in at the factory and cannot be renewed."""
        return bool(self.links[-2].named(NameOID.SERIAL_NUMBER))

    @property
    def remote(self) -> bool:
        """Whether its keys are provisioned over the air (RKP) and short-lived."""
        top = self.links[-2]
        return top.named(NameOID.ORGANIZATION_NAME) == "Google LLC" and top.named(
            NameOID.COMMON_NAME
        ).startswith("Droid CA")

    @property
    def strongbox(self) -> bool:
        """Whether the certificates themselves say that the key lives in a StrongBox."""
        if self.remote:
            return self.links[1].named(NameOID.ORGANIZATION_NAME) == "StrongBox"
        names = (link.subject.rfc4514_string() for link in (self.links[1], self.links[-2]))
        return any("strongbox" in name.lower() for name in names)

    @property
    def serials(self) -> tuple[str, ...]:
        """The certificates' serial numbers as status lists write them."""
        return tuple(link.serial for link in self.links)


def read(encoded: Sequence[bytes]) -> Chain:
    """Take a chain apart. Raises `Rejected`: too short, too large, malformed, no statement."""
    if len(encoded) > MOST_CERTIFICATES or sum(map(len, encoded)) > MOST_BYTES:
        raise Rejected("chain_too_large")
    if len(encoded) < 3:
        raise Rejected("chain_too_short")
    links = [Link(one) for one in encoded]
    if not links[0].statement:
        raise Rejected("statement_missing")
    if any(link.statement for link in links[1:]):
        raise Rejected("statement_repeated")
    return Chain(links)


def verify(chain: Chain, roots: frozenset[str], revoked: Mapping[str, str], now: datetime) -> None:
    """Raise `Rejected` unless the chain leads to a pinned root and nothing in it was taken back."""
    root = chain.links[-1]
    if root.subject != root.issuer or root.pin not in roots:
        raise Rejected("root_unknown")
    if (chain.factory and len(chain.links) != 4) or (chain.remote and len(chain.links) != 5):
        raise Rejected("chain_extended")
    for link, issuer in zip(chain.links, chain.links[1:], strict=False):
        _signed(link, issuer)
    for link in chain.links[1:-1]:
        _in_time(link, now, forever=chain.factory)
    if any(serial in revoked for serial in chain.serials):
        raise Rejected("revoked")


def pin(certificate: x509.Certificate) -> str:
    """Return SHA-256 over a certificate's public key (SubjectPublicKeyInfo), hex."""
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def _signed(link: Link, issuer: Link) -> None:
    if link.issuer != issuer.subject:
        raise Rejected("names_differ")
    try:
        if not isinstance(link.certificate.signature_hash_algorithm, _STRONG):
            raise Rejected("signature_invalid")
        link.certificate.verify_directly_issued_by(issuer.certificate)
    except (InvalidSignature, *UNREADABLE) as error:
        raise Rejected("signature_invalid") from error


def _in_time(link: Link, now: datetime, *, forever: bool) -> None:
    certificate = link.certificate
    if now < certificate.not_valid_before_utc:
        raise Rejected("not_yet_valid")
    if now > certificate.not_valid_after_utc and not forever:
        raise Rejected("certificate_expired")


def _statement(signed_part: bytes) -> bytes:
    """Return the key description, b'' if there is none. Only this extension is read (RFC 5280 §4.1).

    Old hardware writes other extensions that no strict library takes.
    """
    last = der.children(der.read(signed_part))[-1]
    if not der.is_context(last, 3):
        return b""
    found = b""
    for extension in der.children(der.explicit(last)):
        parts = der.children(extension)
        if len(parts) not in (2, 3):
            raise DerError("an extension has two or three parts")
        name = parts[0]
        if (name.kind, name.tag, name.content) == (0, _OBJECT_IDENTIFIER, _OID):
            if found:
                raise DerError("the extension comes twice")
            found = der.octets(parts[-1])
            if not found:
                raise DerError("the extension is empty")
    return found


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
