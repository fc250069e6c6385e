"""Signing of the demo's APKs: v1 (JAR), v2 and v3, with a fresh key.

Formats: JAR File Specification, "Signed JAR File"; Android "APK Signature Scheme v2" and "v3".
Written apart from the verifier in `appstore`, so that one's mistakes do not excuse the other's.
"""

import base64
import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

V2, V3 = 0x7109871A, 0xF05368C0
V3_ANNOUNCED = struct.pack("<II", 0xBEEFF00D, 3)
"""The v2 attribute without which a v3 signature could be cut off unnoticed."""
FIRST_V3_SDK, LAST_SDK = 28, 0x7FFFFFFF

_CHUNK = 1 << 20
_VALID_FROM, _VALID_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
_DIGEST_HEADER = "SHA-256-Digest: "


@dataclass(frozen=True)
class ApkKey:
    """A publisher's signing key with its self-signed certificate."""

    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def generate(cls, common_name: str, *, use_rsa: bool = False) -> Self:
        """A new EC P-256 key, or RSA-2048."""
        private = (
            rsa.generate_private_key(65537, 2048)
            if use_rsa
            else ec.generate_private_key(ec.SECP256R1())
        )
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
        certificate = (
            x509.CertificateBuilder(name, name, private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_VALID_FROM)
            .not_valid_after(_VALID_UNTIL)
            .sign(private, hashes.SHA256())
        )
        return cls(private, certificate)

    @property
    def certificate_der(self) -> bytes:
        """The certificate as it goes into the APK."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def sha256(self) -> str:
        """Lower-case hex SHA-256 of the certificate: the signer as stores pin it."""
        return hashlib.sha256(self.certificate_der).hexdigest()

    @property
    def algorithm(self) -> int:
        """Id of the signature algorithm `sign` uses: ECDSA or RSA PKCS#1, with SHA-256."""
        return 0x0201 if isinstance(self.private, ec.EllipticCurvePrivateKey) else 0x0103

    def sign(self, data: bytes) -> bytes:
        """A signature over `data`."""
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def jar_signature(files: dict[str, bytes], key: ApkKey) -> dict[str, bytes]:
    """The three META-INF files of a v1 signature over `files`, whose names take <= 64 bytes."""
    sections = {
        name: f"Name: {name}\r\n{_DIGEST_HEADER}{_base64_digest(data)}\r\n\r\n".encode()
        for name, data in files.items()
    }
    manifest = b"Manifest-Version: 1.0\r\n\r\n" + b"".join(sections.values())
    head = (
        "Signature-Version: 1.0\r\n"
        f"SHA-256-Digest-Manifest: {_base64_digest(manifest)}\r\n"
        "X-Android-APK-Signed: 2, 3\r\n\r\n"
    )
    signed = head.encode() + b"".join(
        f"Name: {name}\r\n{_DIGEST_HEADER}{_base64_digest(section)}\r\n\r\n".encode()
        for name, section in sections.items()
    )
    options = [
        pkcs7.PKCS7Options.DetachedSignature,
        pkcs7.PKCS7Options.Binary,
        pkcs7.PKCS7Options.NoAttributes,
    ]
    block = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(signed)
        .add_signer(key.certificate, key.private, hashes.SHA256())
        .sign(Encoding.DER, options)
    )
    suffix = "EC" if key.algorithm == 0x0201 else "RSA"
    return {
        "META-INF/MANIFEST.MF": manifest,
        "META-INF/CERT.SF": signed,
        f"META-INF/CERT.{suffix}": block,
    }


def sign_contents(contents: bytes, directory: bytes, end_record: bytes, key: ApkKey) -> bytes:
    """The signing block, with v2 and v3, of an APK in its three unsigned parts."""
    digest = content_digest(contents, directory, end_record)
    return signing_block(
        {
            V2: scheme_value(key, digest, attributes=(V3_ANNOUNCED,)),
            V3: scheme_value(key, digest, sdk_range=(FIRST_V3_SDK, LAST_SDK)),
        }
    )


def content_digest(*parts: bytes) -> bytes:
    """The SHA-256 tree digest of an APK's contents, directory and end record."""
    digests = [
        hashlib.sha256(b"\xa5" + struct.pack("<I", len(piece)) + piece).digest()
        for part in parts
        for piece in (part[start : start + _CHUNK] for start in range(0, len(part), _CHUNK))
    ]
    return hashlib.sha256(b"\x5a" + struct.pack("<I", len(digests)) + b"".join(digests)).digest()


def scheme_value(
    key: ApkKey,
    digest: bytes,
    *,
    sdk_range: tuple[int, int] | None = None,
    attributes: tuple[bytes, ...] = (),
) -> bytes:
    """The value of a v2 block, or of a v3 block when it has an SDK range; one signer."""
    sdk = struct.pack("<II", *sdk_range) if sdk_range else b""
    signed = b"".join(
        (
            prefixed(prefixed(struct.pack("<I", key.algorithm) + prefixed(digest))),
            prefixed(prefixed(key.certificate_der)),
            sdk,
            prefixed(b"".join(map(prefixed, attributes))),
        )
    )
    signature = struct.pack("<I", key.algorithm) + prefixed(key.sign(signed))
    spki = key.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signer = prefixed(signed) + sdk + prefixed(prefixed(signature)) + prefixed(spki)
    return prefixed(prefixed(signer))


def signing_block(values: dict[int, bytes]) -> bytes:
    """The APK signing block of scheme values by id."""
    pairs = b"".join(
        struct.pack("<QI", 4 + len(value), identifier) + value
        for identifier, value in values.items()
    )
    size = struct.pack("<Q", len(pairs) + 24)
    return size + pairs + size + b"APK Sig Block 42"


def prefixed(data: bytes) -> bytes:
    """`data` after its u32 length."""
    return struct.pack("<I", len(data)) + data


def _base64_digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
