"""The key that signs every repository: made once, sealed in the database, never replaced.

Clients know a repository by the SHA-256 of this key's certificate for as long as they live; the
protocol has no rotation. The certificate signs itself, as clients demand.
"""

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakKeyDictionary

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    pkcs7,
)
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from appstore.fdroid.models import REPOSITORY, FdroidRepository
from muster.kernel.db import Database, Mode
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

PURPOSE: Final = "fdroid"
SMALLEST_CERTIFICATE: Final = 256
"""Bytes of DER; below that official clients refuse."""
_BITS: Final = 2048
_YEARS: Final = 50
_BINDING: Final = b"app_fdroid_repository:key"
_DETACHED: Final = (
    pkcs7.PKCS7Options.DetachedSignature,
    pkcs7.PKCS7Options.Binary,
    pkcs7.PKCS7Options.NoAttributes,
)


class Signer(Protocol):
    """Whoever signs: a key in this process today, one in a token (PKCS#11) or a KMS tomorrow."""

    @property
    def certificate(self) -> bytes:
        """The self-signed certificate (DER) that clients know the repository by."""

    def sign(self, signature_file: bytes) -> bytes:
        """Return the detached PKCS#7 block (DER) of a JAR's signature file."""


@dataclass(frozen=True)
class SoftwareSigner:
    """A key that was opened in this process."""

    certificate: bytes
    key: rsa.RSAPrivateKey = field(repr=False)

    def sign(self, signature_file: bytes) -> bytes:
        """Return the block; without attributes, so the same file gives the same bytes."""
        held = x509.load_der_x509_certificate(self.certificate)
        builder = pkcs7.PKCS7SignatureBuilder().set_data(signature_file)
        builder = builder.add_signer(held, self.key, hashes.SHA256())
        return builder.sign(Encoding.DER, _DETACHED)


def fingerprint(signer: Signer) -> str:
    """Return what people compare and links carry: SHA-256 of the certificate, lower-case hex."""
    return hashlib.sha256(signer.certificate).hexdigest()


_signers: WeakKeyDictionary[Database, Signer] = WeakKeyDictionary()
_making = threading.Lock()


def signer(kernel: "Kernel") -> Signer:
    """Return the signer of this house's repositories, made at the first call of all."""
    known = _signers.get(kernel.db)
    if known is None:
        with _making:
            known = _signers[kernel.db] = _kept(kernel) or _made(kernel)
    return known


def signer_within(uow: UnitOfWork) -> Signer:
    """Return the signer to an act: while it writes, a key can only be made in its transaction."""
    if uow.mode is not Mode.WRITES:
        return signer(uow.kernel)
    known = _signers.get(uow.kernel.db) or _read(uow)
    if known is None:
        _insert(uow)
        known = _read(uow)
    assert known is not None
    return known


def generate(name: str, at: datetime) -> SoftwareSigner:
    """Make a key and a certificate that names the force and signs itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, "Muster app repository"),
        ]
    )
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
    built = built.public_key(key.public_key()).serial_number(x509.random_serial_number())
    built = built.not_valid_before(at - timedelta(days=1))
    built = built.not_valid_after(at + timedelta(days=365 * _YEARS))
    certificate = built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert len(certificate) >= SMALLEST_CERTIFICATE
    return SoftwareSigner(certificate, key)


def _kept(kernel: "Kernel") -> Signer | None:
    with kernel.reads() as uow:
        return _read(uow)


def _made(kernel: "Kernel") -> Signer:
    with kernel.writes() as uow:
        _insert(uow)
    kept = _kept(kernel)
    assert kept is not None
    return kept


def _read(uow: UnitOfWork) -> Signer | None:
    row = uow.session.scalar(select(FdroidRepository))
    if row is None:
        return None
    key = load_der_private_key(uow.kernel.keys.open(PURPOSE, row.sealed_key, _BINDING), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return SoftwareSigner(row.certificate, key)


def _insert(uow: UnitOfWork) -> None:
    """Make the key; of two processes that begin at once one wins, and both use the winner's."""
    made = generate(uow.kernel.settings.fdroid_name, uow.now())
    der = made.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    row = insert_into(uow.kernel.db, FdroidRepository).values(
        id=REPOSITORY,
        sealed_key=uow.kernel.keys.seal(PURPOSE, der, _BINDING),
        certificate=made.certificate,
        stamp=0,
        made_at=uow.now(),
    )
    uow.session.execute(row.on_conflict_do_nothing())
