"""Terminals as principals: admitted with their key at enrolment, given a new key, looked up.

`mdm` decides who may enrol and calls these from use cases of its own, after its own decision.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from muster.kernel.errors import Conflict, NotFound
from muster.kernel.identity.dpop import check_public_ec_key
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Device, Unit
from muster.kernel.identity.tether import SERVING, Standing, fails, together
from muster.kernel.ids import uuid7
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


def admit(
    uow: "UnitOfWork",
    *,
    label: str,
    unit_id: UUID,
    jwk: dict[str, Any] | None,
    parent_id: UUID | None = None,
) -> Device:
    """Make a terminal a principal, enrolled and at tier 1 until its posture is judged.

    Without a key it can neither prove itself nor carry a session: an agent's own secret names it.

    Raises `NotFound` for an unknown unit, `InvalidProof` for a key that is no public P-256 JWK,
    and `Conflict` if the key or the label belongs to another terminal.
    """
    if uow.session.get(Unit, unit_id) is None:
        raise NotFound("There is no such unit to put the terminal in.")
    public, jkt = _free_key(uow, jwk) if jwk is not None else ({}, None)
    if uow.session.scalar(select(Device.id).where(Device.label == label)) is not None:
        raise Conflict(f"Another terminal is labelled {label!r}. Choose another label.")
    device = Device(
        id=uuid7(), label=label, unit_id=unit_id, jwk=public, jkt=jkt, parent_id=parent_id
    )
    uow.session.add(device)
    uow.session.flush()
    return device


def rekey(uow: "UnitOfWork", device_id: UUID, jwk: dict[str, Any]) -> Device:
    """Give a terminal a new key; every session under the old one has ended.

    Raises as `admit` does, and `NotFound` for an unknown terminal.
    """
    device = get(uow, device_id)
    device.jwk, device.jkt = _free_key(uow, jwk, device_id)
    device.epoch += 1
    look_again(uow, device.id)
    return device


def get(uow: "UnitOfWork", device_id: UUID) -> Device:
    """Return a terminal, or raise `NotFound`."""
    device = uow.session.get(Device, device_id)
    if device is None:
        raise NotFound("There is no such terminal.")
    return device


def out_of_service(uow: "UnitOfWork", device: Device) -> str:
    """Return why nobody may sign in on a terminal: its own state or its parent's, '' if one may."""
    if device.state != SERVING:
        return f"This terminal is {device.state}."
    parent = uow.session.get(Device, device.parent_id) if device.parent_id else None
    if parent is not None and parent.state != SERVING:
        return f"The terminal that this one belongs to is {parent.state}."
    return ""


def serves(uow: "UnitOfWork", device: Device, parent: Device | None) -> bool:
    """Whether officers may see data on a terminal now, as it stands together with its parent."""
    standing = standing_of(device)
    if parent is not None:
        standing = together(standing, standing_of(parent))
    dead_after = timedelta(hours=uow.kernel.settings.posture_dead_hours)
    return not fails(standing, uow.now(), dead_after)


def standing_of(device: Device) -> Standing:
    """Return how a terminal stands by itself."""
    return Standing(device.state, device.tier, device.posture_at)


def _free_key(
    uow: "UnitOfWork", jwk: dict[str, Any], mine: UUID | None = None
) -> tuple[dict[str, Any], str]:
    public = check_public_ec_key(jwk)
    jkt = thumbprint(public)
    holder = uow.session.scalar(select(Device.id).where(Device.jkt == jkt))
    if holder not in (None, mine):
        raise Conflict("Another terminal has this key. Make a new key on the terminal.")
    return public, jkt
