"""Public keys, certificates and signature algorithms of the APK signature schemes."""

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from .errors import ApkError


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One signature algorithm: the key it takes, its hash, and RSA's padding."""

    kind: str
    hash: hashes.SHA256 | hashes.SHA512
    probabilistic: bool = False

    @property
    def padding(self) -> padding.AsymmetricPadding:
        """PSS with a salt as long as the hash (both the standard's choice), or PKCS#1 v1.5."""
        if self.probabilistic:
            return padding.PSS(padding.MGF1(self.hash), self.hash.digest_size)
        return padding.PKCS1v15()


ALGORITHMS = {
    0x0101: Algorithm("RSA", hashes.SHA256(), probabilistic=True),
    0x0102: Algorithm("RSA", hashes.SHA512(), probabilistic=True),
    0x0103: Algorithm("RSA", hashes.SHA256()),
    0x0104: Algorithm("RSA", hashes.SHA512()),
    0x0201: Algorithm("EC", hashes.SHA256()),
    0x0202: Algorithm("EC", hashes.SHA512()),
}
"""DSA and the fs-verity variants are missing on purpose: no store of today needs them."""
_V1_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def algorithm(identifier: int) -> Algorithm:
    """The algorithm of an id; an unknown one is refused, for we cannot check what it promises."""
    if identifier not in ALGORITHMS:
        raise ApkError(
            "signature_algorithm",
            f"Signature algorithm {identifier:#06x} is not accepted; sign with RSA or ECDSA.",
        )
    return ALGORITHMS[identifier]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A signer's key: `spki` is its DER SubjectPublicKeyInfo, `kind` "RSA" or "EC"."""

    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey
    spki: bytes

    @property
    def kind(self) -> str:
        """The key's family, as `Algorithm.kind` names it."""
        return "RSA" if isinstance(self.key, rsa.RSAPublicKey) else "EC"

    @property
    def bits(self) -> int:
        """Modulus or curve size."""
        return self.key.key_size

    def verify(self, identifier: int, signature: bytes, data: bytes) -> None:
        """ApkError unless `signature` over `data` was made by this key with that algorithm."""
        chosen = algorithm(identifier)
        if chosen.kind != self.kind:
            raise ApkError("signature_algorithm", "Key and signature algorithm do not match.")
        self._verify(signature, data, chosen.hash, chosen.padding)

    def verify_plain(self, signature: bytes, data: bytes, hash_name: str) -> None:
        """The same for a v1 signature: ECDSA, or RSA with PKCS#1 v1.5, and a SHA-2 by its name."""
        self._verify(signature, data, _V1_HASHES[hash_name], padding.PKCS1v15())

    def _verify(
        self,
        signature: bytes,
        data: bytes,
        digest: hashes.HashAlgorithm,
        filling: padding.AsymmetricPadding,
    ) -> None:
        try:
            if isinstance(self.key, rsa.RSAPublicKey):
                self.key.verify(signature, data, filling, digest)
            else:
                self.key.verify(signature, data, ec.ECDSA(digest))
        except (InvalidSignature, ValueError) as error:
            raise ApkError("signature_invalid", "A signature does not match its key.") from error


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signer's certificate; Android pins its bytes and ignores its dates and issuer."""

    der: bytes
    subject: str
    public_key: PublicKey

    @property
    def sha256(self) -> str:
        """Lower-case hex SHA-256 of the DER: the signer's name in this store."""
        return hashlib.sha256(self.der).hexdigest()


def load_public_key(spki: bytes) -> PublicKey:
    """Parse a DER SubjectPublicKeyInfo."""
    try:
        return _supported(serialization.load_der_public_key(spki))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ApkError("key_unsupported", "A signer's public key cannot be read.") from error


def load_certificate(der: bytes) -> Certificate:
    """Parse a DER X.509 certificate."""
    try:
        parsed = x509.load_der_x509_certificate(der)
        return Certificate(der, parsed.subject.rfc4514_string(), _supported(parsed.public_key()))
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise ApkError("certificate_unreadable", "A certificate cannot be read.") from error


def _supported(key: object) -> PublicKey:
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise ApkError("key_unsupported", "Only RSA and EC keys are accepted for signing apps.")
    spki = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return PublicKey(key, spki)
