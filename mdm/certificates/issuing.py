"""Gives a terminal its certificate. Callers have decided that it may have one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import or_, select

from mdm.certificates import authority
from mdm.certificates.errors import KeyOfAnother, NotInService
from mdm.certificates.models import DeviceCertificate
from mdm.certificates.profile import Holder, device_certificate
from mdm.certificates.signing_request import SigningRequest
from mdm.devices.models import ManagedDevice
from muster.kernel.identity import Device
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

OVERLAP: Final = timedelta(hours=24)
"""How long the certificate that was renewed goes on, so that a lost answer strands nobody."""
Source = Literal["enrolment", "agent", "scep"]


@dataclass(frozen=True)
class Issued:
    """A terminal's new certificate, with the chain above it up to, but without, the root."""

    row: DeviceCertificate
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]

    @property
    def chain(self) -> list[str]:
        """The certificate and those above it, in PEM."""
        return [
            each.public_bytes(Encoding.PEM).decode() for each in (self.certificate, *self.above)
        ]

    @property
    def renew_after(self) -> datetime:
        """When two thirds of its life are over."""
        return renewal(self.row.not_before, self.row.not_after)


def renewal(not_before: datetime, not_after: datetime) -> datetime:
    """Return when a certificate should be renewed: at two thirds of its life."""
    return not_before + (not_after - not_before) * 2 / 3


def issue(uow: UnitOfWork, device: Device, asked: SigningRequest, source: Source) -> Issued:
    """Give a terminal in service a certificate for its key; the server says what it says.

    The one before lives on for `OVERLAP`; any older one ends now. Raises `AuthorityMissing`,
    `KeyOfAnother` and `NotInService`.
    """
    managed = uow.session.get(ManagedDevice, device.id)
    if device.state != "enrolled" or managed is None or managed.awaiting:
        raise NotInService
    ca = authority.current(uow)
    _refuse_known_key(uow, device.id, asked.spki)
    signing, now = authority.issuer(uow.kernel, ca), uow.now()
    days = uow.kernel.settings.certificate_days
    holder = Holder(device.id, device.label)
    made = device_certificate(signing, holder, asked.key, at=now, days=days)
    _end_earlier(uow, device.id, now)
    row = DeviceCertificate(
        id=uuid7(),
        device_id=device.id,
        device_epoch=device.epoch,
        issuer_id=ca.id,
        serial=f"{made.serial_number:x}",
        fingerprint=made.fingerprint(hashes.SHA256()).hex(),
        spki=asked.spki,
        der=made.public_bytes(Encoding.DER),
        source=source,
        issued_at=now,
        not_before=made.not_valid_before_utc,
        not_after=made.not_valid_after_utc,
    )
    uow.session.add(row)
    uow.session.flush()
    return Issued(row, made, (signing.certificate, *authority.parents(ca)[:-1]))


def certify(uow: UnitOfWork, device: Device, asked: SigningRequest | None) -> Issued | None:
    """Return the certificate of a terminal that comes in; None while no CA is installed.

    Coming in must not depend on it: the terminal asks again by its device key.
    """
    if asked is None or not authority.live(uow):
        return None
    return issue(uow, device, asked, "enrolment")


def _refuse_known_key(uow: UnitOfWork, device_id: UUID, spki: str) -> None:
    """Raise for a key that was revoked, or that another terminal had: a copy, or an earlier life."""
    revoked = DeviceCertificate.reason == "revoked"
    foreign = DeviceCertificate.device_id != device_id
    query = select(DeviceCertificate.device_id).where(
        DeviceCertificate.spki == spki, or_(foreign, revoked)
    )
    holder = uow.session.scalar(query.limit(1))
    if holder == device_id:
        raise KeyOfAnother("This key was revoked. Make a new key on the terminal.")
    if holder is not None:
        raise KeyOfAnother


def _end_earlier(uow: UnitOfWork, device_id: UUID, now: datetime) -> None:
    query = select(DeviceCertificate).where(
        DeviceCertificate.device_id == device_id,
        DeviceCertificate.not_after > now,
        or_(DeviceCertificate.revoked_at.is_(None), DeviceCertificate.revoked_at > now),
    )
    rows = uow.session.scalars(query.order_by(DeviceCertificate.id.desc())).all()
    for number, row in enumerate(rows):
        ends = now + OVERLAP if number == 0 else now
        if row.revoked_at is None or row.revoked_at > ends:
            row.revoked_at, row.reason = ends, "superseded"
