"""Decides on a certificate that somebody shows: by the database's state, now, never by names."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from sqlalchemy import select

from mdm.certificates import chain
from mdm.certificates.errors import (
    CertificateExpired,
    CertificateRevoked,
    CertificateSuperseded,
    UnknownCertificate,
)
from mdm.certificates.models import DeviceCertificate, IssuingCa
from mdm.devices.errors import DeviceOutOfService
from muster.kernel.identity import Device

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_STANDING = (
    select(
        DeviceCertificate.device_id,
        DeviceCertificate.device_epoch,
        DeviceCertificate.revoked_at,
        DeviceCertificate.reason,
        IssuingCa.certificate.label("issuer"),
        IssuingCa.state.label("issuer_state"),
        Device.state.label("device_state"),
        Device.epoch.label("epoch_now"),
    )
    .join(IssuingCa, IssuingCa.id == DeviceCertificate.issuer_id)
    .join(Device, Device.id == DeviceCertificate.device_id)
)


def holder(kernel: "Kernel", der: bytes, at: datetime) -> UUID | None:
    """Return the terminal whose certificate this is; None for one that we never issued.

    A connection may show an officer's own card instead. Raises as `verify_presented` does.
    """
    try:
        return verify_presented(kernel, der, at)
    except UnknownCertificate:
        return None


def verify_presented(kernel: "Kernel", der: bytes, at: datetime) -> UUID:
    """Return the id of the terminal whose certificate this is, if it holds at this moment.

    The row is found by SHA-256 of the whole certificate, read after the request began; possession
    of the key is for the caller to have proved (TLS). Raises `UnknownCertificate`,
    `CertificateExpired`, `DeviceOutOfService`, `CertificateRevoked` or `CertificateSuperseded`.
    """
    fingerprint = hashlib.sha256(der).hexdigest()
    with kernel.db.connect() as connection:
        row = connection.execute(
            _STANDING.where(DeviceCertificate.fingerprint == fingerprint)
        ).first()
    if row is None or row.issuer_state != "live":
        raise UnknownCertificate
    _check_chain(der, row.issuer, at)
    _check_standing(row, at)
    device_id: UUID = row.device_id
    return device_id


def _check_chain(der: bytes, issuer_der: bytes, at: datetime) -> None:
    try:
        shown = x509.load_der_x509_certificate(der)
        issuer = x509.load_der_x509_certificate(issuer_der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnknownCertificate from error
    if not chain.issued_by(shown, issuer):
        raise UnknownCertificate
    for each in (shown, issuer):
        if not each.not_valid_before_utc <= at < each.not_valid_after_utc:
            raise CertificateExpired


def _check_standing(row: Any, at: datetime) -> None:
    if row.device_state != "enrolled":
        raise DeviceOutOfService(f"This terminal is {row.device_state}.")
    ended = row.revoked_at is not None and row.revoked_at <= at
    if row.device_epoch != row.epoch_now or (ended and row.reason == "superseded"):
        raise CertificateSuperseded
    if ended:
        raise CertificateRevoked
