"""Who may pass the door: a token that holds, a serial number it lets in, no living twin.

Refusals that may mean a cloned terminal or a leaked code also alarm the device admins.
"""

import hashlib
from uuid import UUID

from sqlalchemy import select, update

from mdm.devices.models import ManagedDevice
from mdm.enrolment.errors import (
    DeviceAlreadyEnrolled,
    ParentNotInService,
    ReplacesAnother,
    SerialNotListed,
    SerialUsed,
    TokenExpired,
    TokenInvalid,
    TokenRevoked,
    TokenUsed,
)
from mdm.enrolment.models import EnrolToken, ListedSerial
from muster.kernel import notices
from muster.kernel.identity import Device, devices
from muster.kernel.uow import UnitOfWork

_IN_USE = ("enrolled", "lost")


def token_of(uow: UnitOfWork, secret: str) -> EnrolToken:
    """Return the token of a secret, good or not. Raises `TokenInvalid` for one that is not ours."""
    row = uow.session.scalar(select(EnrolToken).where(EnrolToken.token_hash == hashed(secret)))
    if row is None:
        raise TokenInvalid
    return row


def hashed(secret: str) -> str:
    """Return the stored form of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def refuse_stale(uow: UnitOfWork, token: EnrolToken) -> None:
    """Refuse a token that was revoked, is used up or has expired."""
    if token.revoked_at is not None:
        raise TokenRevoked
    if token.uses_left < 1:
        raise TokenUsed
    if token.expires_at <= uow.now():
        raise TokenExpired


def refuse_orphan(uow: UnitOfWork, token: EnrolToken) -> None:
    """Refuse a wearable's code that outlived the terminal that asked for it."""
    if token.parent_id is not None and devices.get(uow, token.parent_id).state != "enrolled":
        raise ParentNotInService


def twin(uow: UnitOfWork, token: EnrolToken, serial: str) -> Device | None:
    """Return the enrolment that this one is to end, None for an ordinary newcomer.

    A serial number that is in use means a cloned terminal or a forgotten one: refused with an
    alarm, unless the token says that it replaces the very terminal, and that one is not lost.
    """
    found = uow.session.scalar(
        select(Device)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(ManagedDevice.serial == serial, Device.state.in_(_IN_USE))
    )
    if found is None:
        if token.replaces is not None and not _was(uow, token.replaces, serial):
            raise ReplacesAnother
        return None
    if found.id == token.replaces and found.state == "enrolled":
        return found
    _tell_of_twin(uow, found, serial)
    raise DeviceAlreadyEnrolled


def spend(uow: UnitOfWork, token: EnrolToken) -> None:
    """Take one use; of two terminals that come at once with a single token, one is refused."""
    spent = uow.session.execute(
        update(EnrolToken)
        .where(EnrolToken.id == token.id, EnrolToken.uses_left > 0)
        .values(uses_left=EnrolToken.uses_left - 1)
        .returning(EnrolToken.id)
        .execution_options(synchronize_session=False)
    ).first()
    if spent is None:
        raise TokenUsed


def check_list(uow: UnitOfWork, token: EnrolToken, serial: str) -> ListedSerial | None:
    """Return the token's line for this serial number, None for a token without a list.

    Raises `SerialNotListed`, with an alarm, and `SerialUsed`.
    """
    if not token.listed:
        return None
    line = uow.session.get(ListedSerial, (token.id, serial))
    if line is None:
        _tell_of_stranger(uow, token, serial)
        raise SerialNotListed
    if line.device_id is not None:
        raise SerialUsed
    return line


def _was(uow: UnitOfWork, device_id: UUID, serial: str) -> bool:
    old = uow.session.get(ManagedDevice, device_id)
    return old is not None and old.serial == serial


def _tell_of_twin(uow: UnitOfWork, twin_: Device, serial: str) -> None:
    params = {"device": twin_.label, "serial": serial}
    _tell(uow, "mdm.duplicate_serial", twin_.unit_id, params, "devices", twin_.id)


def _tell_of_stranger(uow: UnitOfWork, token: EnrolToken, serial: str) -> None:
    params = {"token": token.label, "serial": serial}
    _tell(uow, "mdm.serial_not_listed", token.unit_id, params, "enrolment", token.id)


def _tell(
    uow: UnitOfWork, kind: str, unit_id: UUID, params: dict[str, str], room: str, subject: UUID
) -> None:
    """Tell the device admins once the refusal has rolled everything else back."""

    def tell(unit: UnitOfWork) -> None:
        notices.send(
            unit,
            kind,
            role="device_admin",
            unit_id=unit_id,
            subject_key=str(subject),
            params=params,
            link=f"/console/{room}/{subject}",
        )

    uow.afterwards(tell)
