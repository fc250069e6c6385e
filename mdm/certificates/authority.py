"""The life of an issuing CA: its key is asked for here, signed by the offline root, installed.

Two may be live while one takes over from the other: the newest issues, both are honoured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from mdm.certificates import chain as chains
from mdm.certificates.errors import AuthorityMissing, AuthorityNotFound, ChainRefused
from mdm.certificates.models import IssuingCa
from mdm.certificates.profile import Issuer, ra_certificate
from mdm.certificates.signing_request import spki
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

PURPOSE: Final = "certificates"
SHORT: Final = 16  # hex digits of a fingerprint that name a CA in an address
_RA_BITS: Final = 3072


@dataclass(frozen=True)
class Registrar:
    """The registration authority of a live CA: it opens SCEP's requests and signs its answers."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def request(uow: UnitOfWork, actor: Actor, name: str) -> bytes:
    """Make an issuing key, sealed in the database, and return the request for it in PEM."""
    decision = guard.require(uow, actor, "mdm.ca.request", guard.FORCE)
    key = ec.generate_private_key(ec.SECP256R1())
    row = IssuingCa(id=uuid7(), name=name, spki=spki(key.public_key()), sealed_key=b"")
    row.sealed_key = _sealed(uow.kernel, row, "issuing", key)
    uow.session.add(row)
    decision.note(authority=str(row.id))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def install(uow: UnitOfWork, actor: Actor, pem: bytes, *, new_root: bool = False) -> IssuingCa:
    """Verify a signed chain and let its issuing CA take over from the one before.

    Raises `ChainRefused`: a bad chain, a key nobody asked for, or another root than the live
    one's unless `new_root` says that this is meant.
    """
    decision = guard.require(uow, actor, "mdm.ca.install", guard.FORCE)
    given = chains.read(pem, uow.now())
    key = given.issuing.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    row = uow.session.scalar(select(IssuingCa).where(IssuingCa.spki == spki(key)))
    if row is None:
        raise ChainRefused("This server never asked for a certificate of this key.")
    if row.state != "requested":
        raise ChainRefused(f"This issuing CA is already {row.state}.")
    _check_root(uow, given, new_root=new_root)
    row.fingerprint = given.issuing.fingerprint(hashes.SHA256()).hex()
    row.certificate = given.issuing.public_bytes(Encoding.DER)
    row.parents = [above.public_bytes(Encoding.PEM).decode() for above in given.parents]
    row.not_before = given.issuing.not_valid_before_utc
    row.not_after = given.issuing.not_valid_after_utc
    _add_registrar(uow, row)
    row.state, row.installed_at = "live", uow.now()
    root = given.root.fingerprint(hashes.SHA256()).hex()
    decision.note(authority=str(row.id), fingerprint=row.fingerprint, root=root)
    return row


def retire(uow: UnitOfWork, actor: Actor, fingerprint: str) -> IssuingCa:
    """End an issuing CA: no certificate of its making is honoured from this commit on."""
    decision = guard.require(uow, actor, "mdm.ca.retire", guard.FORCE)
    wanted = fingerprint.replace(":", "").lower()
    found = [row for row in live(uow) if len(wanted) >= SHORT and _named(row, wanted)]
    if not found:
        raise AuthorityNotFound
    row = found[0]
    row.state, row.retired_at = "retired", uow.now()
    decision.note(authority=str(row.id), fingerprint=row.fingerprint)
    return row


def listing(uow: UnitOfWork, actor: Actor) -> Sequence[IssuingCa]:
    """Return every issuing CA, newest first, those only asked for too."""
    guard.require(uow, actor, "mdm.ca.read", guard.FORCE)
    return uow.session.scalars(select(IssuingCa).order_by(IssuingCa.id.desc())).all()


def live(uow: UnitOfWork) -> Sequence[IssuingCa]:
    """Return the live CAs within their dates, the one that issues first."""
    now = uow.now()
    query = select(IssuingCa).where(IssuingCa.state == "live", IssuingCa.not_after > now)
    order = (IssuingCa.installed_at.desc(), IssuingCa.id.desc())
    return uow.session.scalars(query.order_by(*order)).all()


def current(uow: UnitOfWork) -> IssuingCa:
    """Return the CA that issues, or raise `AuthorityMissing`."""
    rows = live(uow)
    if not rows:
        raise AuthorityMissing
    return rows[0]


def issuer(kernel: "Kernel", row: IssuingCa) -> Issuer:
    """Open a CA's key to sign with it."""
    key = _opened(kernel, row, "issuing", row.sealed_key)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    base = f"{kernel.settings.origin}/pki/{short_name(row)}"
    return Issuer(certificate(row), key, f"{base}.crl", f"{base}.cer")


def registrar(kernel: "Kernel", row: IssuingCa) -> Registrar:
    """Open a live CA's registration authority."""
    assert row.ra_certificate is not None
    assert row.sealed_ra_key is not None
    key = _opened(kernel, row, "ra", row.sealed_ra_key)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Registrar(x509.load_der_x509_certificate(row.ra_certificate), key)


def certificate(row: IssuingCa) -> x509.Certificate:
    """Return the certificate of a CA that was installed."""
    assert row.certificate is not None
    return x509.load_der_x509_certificate(row.certificate)


def parents(row: IssuingCa) -> list[x509.Certificate]:
    """Return the certificates above a CA, the root last."""
    return [x509.load_pem_x509_certificate(pem.encode()) for pem in row.parents]


def short_name(row: IssuingCa) -> str:
    """Return what names a CA in addresses."""
    assert row.fingerprint is not None
    return row.fingerprint[:SHORT]


def by_name(uow: UnitOfWork, name: str) -> IssuingCa:
    """Return a CA that was installed, by its address name; `issuing` is the current one."""
    if name == "issuing":
        return current(uow)
    query = select(IssuingCa).where(IssuingCa.fingerprint.is_not(None))
    for row in uow.session.scalars(query):
        if short_name(row) == name:
            return row
    raise AuthorityNotFound


def _named(row: IssuingCa, wanted: str) -> bool:
    return row.fingerprint is not None and row.fingerprint.startswith(wanted)


def _check_root(uow: UnitOfWork, given: chains.Chain, *, new_root: bool) -> None:
    for row in live(uow):
        if parents(row)[-1] != given.root and not new_root:
            raise ChainRefused(
                "This chain ends in another root than that of the live CA. "
                "If that is meant, say so with --new-root."
            )


def _add_registrar(uow: UnitOfWork, row: IssuingCa) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_RA_BITS)
    made = ra_certificate(issuer(uow.kernel, row), key.public_key(), at=uow.now())
    row.sealed_ra_key = _sealed(uow.kernel, row, "ra", key)
    row.ra_certificate = made.public_bytes(Encoding.DER)


def _sealed(
    kernel: "Kernel", row: IssuingCa, part: str, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> bytes:
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return kernel.keys.seal(PURPOSE, der, _binding(row, part))


def _opened(kernel: "Kernel", row: IssuingCa, part: str, sealed: bytes) -> object:
    return load_der_private_key(kernel.keys.open(PURPOSE, sealed, _binding(row, part)), None)


def _binding(row: IssuingCa, part: str) -> bytes:
    return f"mdm_issuing_ca:{row.id}:{part}".encode()
