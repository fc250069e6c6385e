"""A terminal comes in: its token is spent, its key becomes a principal, and it is told what to be.

A lost answer may be asked for again with the same key and token; nothing else is ever repeated.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from mdm.compliance.judge import NEVER_REPORTED
from mdm.configuration import desired
from mdm.devices.events import DeviceEnrolled
from mdm.devices.models import ManagedDevice
from mdm.enrolment.errors import (
    DeviceAlreadyEnrolled,
    DeviceKeyKnown,
    TokenExpired,
    TokenInvalid,
    TokenRevoked,
    TokenUsed,
)
from mdm.enrolment.label import fresh_label
from mdm.enrolment.models import EnrolToken
from mdm.enrolment.tokens import hashed
from mdm.groups import join
from muster.kernel import guard, notices
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor, Device, devices, thumbprint
from muster.kernel.uow import UnitOfWork

_IN_USE = ("enrolled", "lost")


@dataclass(frozen=True)
class Newcomer:
    """What a terminal says about itself when it comes in."""

    token: str
    serial: str
    imei: str = ""
    model: str = ""
    os: str = ""
    os_version: str = ""
    patch_level: date | None = None
    agent_version: str = ""


@dataclass(frozen=True)
class Enrolled:
    """What a terminal is told: who it is, and what it is to be, signed."""

    principal: Device
    managed: ManagedDevice
    configuration: dict[str, Any]
    manifest_keys: list[dict[str, Any]]


def enrol(uow: UnitOfWork, actor: Actor, jwk: dict[str, Any], newcomer: Newcomer) -> Enrolled:
    """Let a terminal in with the key that signed its proof.

    Raises the refusals of `errors.py`; a serial number that is in use also alarms the admins.
    """
    uow.kernel.limits.hit("mdm.enrol", actor.origin.address, limit=60, per_seconds=60)
    token = _token(uow, newcomer.token)
    unit = uow.kernel.people.unit(token.unit_id)
    target = Target("EnrolToken", str(token.id), unit=unit.path)
    decision = guard.require(uow, actor, "mdm.device.enrol", target)
    decision.note(serial=newcomer.serial)
    again = _same_key(uow, thumbprint(jwk))
    if again is not None:
        return _repeat(uow, decision, token, newcomer, *again)
    _refuse_stale(uow, token)
    _refuse_twin(uow, newcomer.serial)
    _spend(uow, token)
    return _admit(uow, decision, token, newcomer, jwk)


def _token(uow: UnitOfWork, secret: str) -> EnrolToken:
    row = uow.session.scalar(select(EnrolToken).where(EnrolToken.token_hash == hashed(secret)))
    if row is None:
        raise TokenInvalid
    return row


def _same_key(uow: UnitOfWork, jkt: str) -> tuple[Device, ManagedDevice] | None:
    found = uow.session.execute(
        select(Device, ManagedDevice)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(Device.jkt == jkt)
    ).first()
    return (found[0], found[1]) if found else None


def _repeat(
    uow: UnitOfWork,
    decision: Decision,
    token: EnrolToken,
    newcomer: Newcomer,
    principal: Device,
    managed: ManagedDevice,
) -> Enrolled:
    same = managed.token_id == token.id and managed.serial == newcomer.serial
    if not same or principal.state != "enrolled":
        raise DeviceKeyKnown
    decision.note(device=str(principal.id), repeated=True)
    return _told(uow, principal, managed)


def _refuse_stale(uow: UnitOfWork, token: EnrolToken) -> None:
    if token.revoked_at is not None:
        raise TokenRevoked
    if token.uses_left < 1:
        raise TokenUsed
    if token.expires_at <= uow.now():
        raise TokenExpired


def _refuse_twin(uow: UnitOfWork, serial: str) -> None:
    """A serial number that is in use means a cloned terminal or a forgotten one: look into it."""
    twin = uow.session.scalar(
        select(Device)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(ManagedDevice.serial == serial, Device.state.in_(_IN_USE))
    )
    if twin is None:
        return
    label, twin_id, unit_id = twin.label, twin.id, twin.unit_id

    def alarm(unit: UnitOfWork) -> None:
        notices.send(
            unit,
            "mdm.duplicate_serial",
            role="device_admin",
            unit_id=unit_id,
            subject_key=str(twin_id),
            params={"device": label, "serial": serial},
            link=f"/console/devices/{twin_id}",
        )

    uow.afterwards(alarm)
    raise DeviceAlreadyEnrolled


def _spend(uow: UnitOfWork, token: EnrolToken) -> None:
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


def _admit(
    uow: UnitOfWork,
    decision: Decision,
    token: EnrolToken,
    newcomer: Newcomer,
    jwk: dict[str, Any],
) -> Enrolled:
    principal = devices.admit(uow, label=fresh_label(), unit_id=token.unit_id, jwk=jwk)
    principal.posture_reasons = [NEVER_REPORTED]
    managed = ManagedDevice(
        id=principal.id,
        token_id=token.id,
        serial=newcomer.serial,
        imei=newcomer.imei,
        model=newcomer.model,
        os=newcomer.os,
        os_version=newcomer.os_version,
        patch_level=newcomer.patch_level,
        agent_version=newcomer.agent_version,
        device_class=token.device_class,
        last_seen=uow.now(),
        state_at=uow.now(),
    )
    uow.session.add(managed)
    uow.session.flush()
    join(uow, principal.id, [UUID(group_id) for group_id in token.group_ids])
    desired.refresh(uow, [principal.id])
    decision.note(device=str(principal.id), label=principal.label)
    uow.emit(DeviceEnrolled(device_id=principal.id))
    return _told(uow, principal, managed)


def _told(uow: UnitOfWork, principal: Device, managed: ManagedDevice) -> Enrolled:
    keys = [key.public_jwk for key in uow.kernel.keys.verifiers("manifest")]
    return Enrolled(principal, managed, desired.sealed(uow, managed), keys)
