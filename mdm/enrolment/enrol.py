"""A terminal comes in: its token is spent, its key becomes a principal, and it is told what to be.

A lost answer may be asked for again with the same key and token; nothing else is ever repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mdm.attestation import challenges
from mdm.attestation import service as attestation
from mdm.attestation.challenges import Challenge
from mdm.certificates.issuing import Issued, certify
from mdm.certificates.signing_request import read_pem
from mdm.compliance.judge import NEVER_REPORTED
from mdm.configuration import desired
from mdm.devices.events import DeviceEnrolled
from mdm.devices.models import ManagedDevice
from mdm.enrolment import admissions, door, leaving, placing
from mdm.enrolment.errors import DeviceKeyKnown
from mdm.enrolment.label import fresh_label
from mdm.enrolment.models import EnrolToken
from mdm.enrolment.placing import Place
from mdm.equipment.following import follow
from mdm.groups import join, settle
from muster.kernel import guard
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor, Device, devices, thumbprint
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Newcomer:
    """What a terminal says about itself when it comes in; `attestation` is a chain, leaf first."""

    token: str
    serial: str
    imei: str = ""
    model: str = ""
    os: str = ""
    os_version: str = ""
    patch_level: date | None = None
    agent_version: str = ""
    attestation: Sequence[bytes] | None = None
    csr: str = ""


@dataclass(frozen=True)
class Enrolled:
    """What a terminal is told: who it is, what it is to be, signed, and if its key is believed.

    While it waits to be let in there is no configuration and no certificate yet.
    """

    principal: Device
    managed: ManagedDevice
    configuration: dict[str, Any] | None
    manifest_keys: list[dict[str, Any]]
    attestation: str
    certificate: Issued | None = None


def enrolment_challenge(uow: UnitOfWork, actor: Actor, secret: str) -> Challenge:
    """Give the holder of a good token a challenge for the key it will come in with.

    Raises the refusals of `errors.py`.
    """
    uow.kernel.limits.hit("mdm.enrol", actor.origin.address, limit=60, per_seconds=60)
    token = door.token_of(uow, secret)
    unit = uow.kernel.people.unit(token.unit_id)
    target = Target("EnrolToken", str(token.id), unit=unit.path)
    guard.require(uow, actor, "mdm.enrol_token.challenge", target)
    door.refuse_stale(uow, token)
    return challenges.issue(uow, token_id=token.id)


def enrol(uow: UnitOfWork, actor: Actor, jwk: dict[str, Any], newcomer: Newcomer) -> Enrolled:
    """Let a terminal in with the key that signed its proof.

    Raises the refusals of `errors.py`; a serial number that is in use also alarms the admins.
    """
    decision, token = knock(uow, actor, newcomer)
    asked = read_pem(newcomer.csr) if newcomer.csr else None
    again = _same_key(uow, thumbprint(jwk))
    if again is not None:
        _refuse_another(decision, token, newcomer, *again)
    principal, managed = again or admit(uow, decision, token, newcomer, jwk)
    issued = None if managed.awaiting else certify(uow, principal, asked)
    return _told(uow, principal, managed, issued)


def knock(uow: UnitOfWork, actor: Actor, newcomer: Newcomer) -> tuple[Decision, EnrolToken]:
    """Decide about who shows a token, at any gateway; nothing is spent yet.

    Raises `TokenInvalid`, and `RateLimited` for an address that knocks too often.
    """
    uow.kernel.limits.hit("mdm.enrol", actor.origin.address, limit=60, per_seconds=60)
    token = door.token_of(uow, newcomer.token)
    unit = uow.kernel.people.unit(token.unit_id)
    target = Target("EnrolToken", str(token.id), unit=unit.path)
    decision = guard.require(uow, actor, "mdm.device.enrol", target)
    decision.note(serial=newcomer.serial)
    return decision, token


def admit(
    uow: UnitOfWork,
    decision: Decision,
    token: EnrolToken,
    newcomer: Newcomer,
    jwk: dict[str, Any] | None,
    agent: str = "native",
) -> tuple[Device, ManagedDevice]:
    """Spend a use of a token and make its bearer a terminal with its first configuration.

    Every gateway's way in, after `knock`: without `jwk` the gateway itself must tell the terminal
    by a secret of its own. Raises the refusals of `errors.py`.
    """
    door.refuse_stale(uow, token)
    door.refuse_orphan(uow, token)
    old = door.twin(uow, token, newcomer.serial)
    line = door.check_list(uow, token, newcomer.serial)
    door.spend(uow, token)
    if old is not None:
        leaving.end(uow, old.id, f"Replaced by token {token.label or token.id}")
    where = placing.place(uow, token, newcomer.serial, newcomer.imei)
    principal = devices.admit(
        uow, label=fresh_label(), unit_id=where.unit_id, jwk=jwk, parent_id=token.parent_id
    )
    managed = _managed(uow, principal.id, token, newcomer, agent, where)
    uow.session.add(managed)
    uow.session.flush()
    _settle_in(uow, principal, managed, where)
    if line is not None:
        line.device_id, line.used_at = principal.id, uow.now()
    if newcomer.attestation is not None:
        shown = attestation.at_enrolment(uow, principal, managed, token.id, newcomer.attestation)
        decision.note(attestation=shown.result, attestation_reason=shown.reason)
    decision.note(device=str(principal.id), label=principal.label, agent=agent)
    decision.note(replaces=str(old.id) if old else "", waits=managed.awaiting)
    uow.emit(DeviceEnrolled(device_id=principal.id))
    return principal, managed


def _same_key(uow: UnitOfWork, jkt: str) -> tuple[Device, ManagedDevice] | None:
    found = uow.session.execute(
        select(Device, ManagedDevice)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(Device.jkt == jkt)
    ).first()
    return (found[0], found[1]) if found else None


def _refuse_another(
    decision: Decision,
    token: EnrolToken,
    newcomer: Newcomer,
    principal: Device,
    managed: ManagedDevice,
) -> None:
    """Let a known key pass only if it repeats the very enrolment whose answer may be lost."""
    same = managed.token_id == token.id and managed.serial == newcomer.serial
    if not same or principal.state != "enrolled":
        raise DeviceKeyKnown
    decision.note(device=str(principal.id), repeated=True)


def _managed(
    uow: UnitOfWork,
    device_id: UUID,
    token: EnrolToken,
    newcomer: Newcomer,
    agent: str,
    where: Place,
) -> ManagedDevice:
    return ManagedDevice(
        id=device_id,
        token_id=token.id,
        agent=agent,
        serial=newcomer.serial,
        imei=newcomer.imei,
        model=newcomer.model,
        os=newcomer.os,
        os_version=newcomer.os_version,
        patch_level=newcomer.patch_level,
        agent_version=newcomer.agent_version,
        device_class=where.device_class,
        ownership=where.ownership,
        holder_id=where.holder_id,
        ring=where.ring,
        attributes=where.attributes,
        asset_id=where.asset_id,
        admission="awaiting" if where.needs_approval else "admitted",
        last_seen=uow.now(),
        state_at=uow.now(),
    )


def _settle_in(uow: UnitOfWork, principal: Device, managed: ManagedDevice, where: Place) -> None:
    """Give a new terminal its place in the book of equipment, its groups, its desired state and its first standing."""
    placing.note(uow, where, managed)
    follow(uow, principal.id, "enrolled")
    join(uow, principal.id, where.group_ids)
    settle(uow, principal.id)
    desired.refresh(uow, [principal.id])
    principal.posture_reasons = [NEVER_REPORTED]
    if managed.awaiting:
        admissions.wait(uow, principal, managed)


def _told(
    uow: UnitOfWork, principal: Device, managed: ManagedDevice, certificate: Issued | None
) -> Enrolled:
    keys = [key.public_jwk for key in uow.kernel.keys.verifiers("manifest")]
    proven = attestation.result(uow, principal.id)
    sealed = None if managed.awaiting else desired.sealed(uow, managed)
    return Enrolled(principal, managed, sealed, keys, proven, certificate)
