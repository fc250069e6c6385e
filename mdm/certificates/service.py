"""What people and agents do with certificates: look, revoke, renew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from mdm.certificates.errors import AlreadyRevoked, CertificateNotFound
from mdm.certificates.issuing import Issued, issue, renewal
from mdm.certificates.models import DeviceCertificate
from mdm.certificates.signing_request import read_pem
from mdm.devices import fleet
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, DeviceUnknown
from muster.kernel.uow import UnitOfWork

State = Literal["live", "renewable", "superseded", "revoked", "expired"]


@dataclass(frozen=True)
class Held:
    """A certificate, the terminal it was given to, and how it stands now."""

    row: DeviceCertificate
    device: Device
    state: State


@dataclass(frozen=True)
class CertificateQuery:
    """Filters of the list; what is None does not filter. `text` is part of the label."""

    device_id: UUID | None = None
    holds: bool | None = None
    text: str | None = None


def listing(
    uow: UnitOfWork,
    actor: Actor,
    query: CertificateQuery | None = None,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Held]:
    """Return up to `limit + 1` certificates of terminals the actor may read, newest first."""
    guard.require(uow, actor, "mdm.certificate.list", guard.FORCE)
    wanted = query or CertificateQuery()
    statement = (
        select(DeviceCertificate, Device)
        .join(Device, Device.id == DeviceCertificate.device_id)
        .where(guard.visible(uow, actor, "mdm.certificate.read", "Device"))
    )
    if wanted.device_id is not None:
        statement = statement.where(DeviceCertificate.device_id == wanted.device_id)
    if wanted.text:
        statement = statement.where(Device.label.icontains(wanted.text, autoescape=True))
    if wanted.holds is not None:
        good = _holds(uow)
        statement = statement.where(good if wanted.holds else ~good)
    if after is not None:
        statement = statement.where(DeviceCertificate.id < after)
    rows = uow.session.execute(statement.order_by(DeviceCertificate.id.desc()).limit(limit + 1))
    return [Held(row, device, state(uow, row, device)) for row, device in rows]


def revoke(uow: UnitOfWork, actor: Actor, certificate_id: UUID, reason: str) -> Held:
    """End a certificate now, at every door; raises `AlreadyRevoked` if it has ended."""
    row = uow.session.get(DeviceCertificate, certificate_id)
    if row is None:
        raise CertificateNotFound
    terminal = fleet.find(uow, row.device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.certificate.revoke", terminal.target(actor))
    decision.note(reason=reason, certificate=str(row.id))
    if state(uow, row, terminal.principal) not in ("live", "renewable"):
        raise AlreadyRevoked
    row.revoked_at, row.reason, row.revoked_by = uow.now(), "revoked", actor.id
    return Held(row, terminal.principal, "revoked")


def renew(uow: UnitOfWork, actor: Actor, request_pem: str) -> Issued:
    """Give the terminal that asks, by its device key, a certificate for the key of its request.

    Raises `RequestRefused`, `AuthorityMissing`, `KeyOfAnother` and `TooManyRequests`.
    """
    asked, me = read_pem(request_pem), actor.device
    if me is None:
        raise DeviceUnknown
    uow.kernel.limits.hit("mdm.certificate", str(me.id), limit=10, per_seconds=86_400)
    principal = fleet.find(uow, me.id, lock=True).principal
    target = Target(
        "Device",
        str(principal.id),
        {"state": principal.state, "held": False},
        unit=me.unit_path,
    )
    decision = guard.require(uow, actor, "mdm.agent.certificate", target)
    issued = issue(uow, principal, asked, "agent")
    decision.note(certificate=str(issued.row.id))
    return issued


def state(uow: UnitOfWork, row: DeviceCertificate, device: Device) -> State:
    """Return how a certificate stands: `renewable` still holds, with two thirds of its life over."""
    now = uow.now()
    ended = row.revoked_at is not None and row.revoked_at <= now
    if ended and row.reason != "superseded":
        return "revoked"
    if ended or row.device_epoch != device.epoch:
        return "superseded"
    if row.not_after <= now:
        return "expired"
    return "renewable" if now >= renewal(row.not_before, row.not_after) else "live"


def _holds(uow: UnitOfWork) -> ColumnElement[bool]:
    now = uow.now()
    return and_(
        DeviceCertificate.not_after > now,
        DeviceCertificate.device_epoch == Device.epoch,
        or_(DeviceCertificate.revoked_at.is_(None), DeviceCertificate.revoked_at > now),
    )
