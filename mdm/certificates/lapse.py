"""Ends a terminal's certificates in the commit that changes its standing."""

from typing import Literal
from uuid import UUID

from sqlalchemy import or_, update

from mdm.certificates.models import DeviceCertificate, ScepChallenge
from muster.kernel.uow import UnitOfWork

Reason = Literal["lost", "found", "wiped", "retired", "superseded"]


def lapse(uow: UnitOfWork, device_id: UUID, reason: Reason) -> None:
    """End every certificate and open challenge of a terminal now.

    A presented certificate would be refused without this too, by state and epoch; this puts it on
    the list that third parties read.
    """
    now = uow.now()
    uow.session.execute(
        update(DeviceCertificate)
        .where(
            DeviceCertificate.device_id == device_id,
            or_(DeviceCertificate.revoked_at.is_(None), DeviceCertificate.revoked_at > now),
        )
        .values(revoked_at=now, reason=reason)
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(
        update(ScepChallenge)
        .where(ScepChallenge.device_id == device_id, ScepChallenge.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
