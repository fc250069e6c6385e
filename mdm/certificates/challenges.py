"""SCEP's passwords: each for one enrolment of one terminal, fifteen minutes, only its hash kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from mdm.certificates import authority
from mdm.certificates.errors import NotInService
from mdm.certificates.models import ScepChallenge
from mdm.devices import fleet
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.ids import token, uuid7
from muster.kernel.uow import UnitOfWork

PREFIX: Final = "msc_"
LASTS: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Given:
    """A new challenge; it is shown this once, with the address it is good at."""

    challenge: str
    url: str
    expires_at: datetime


def give(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Given:
    """Make a challenge for a terminal in service; an open one before it ends.

    Raises `NotInService` and `AuthorityMissing`.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.certificate.challenge", terminal.target(actor))
    if terminal.principal.state != "enrolled":
        raise NotInService
    authority.current(uow)
    now, secret = uow.now(), PREFIX + token()
    uow.session.execute(
        update(ScepChallenge)
        .where(ScepChallenge.device_id == device_id, ScepChallenge.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    row = ScepChallenge(
        id=uuid7(),
        secret_hash=hashed(secret),
        device_id=device_id,
        device_epoch=terminal.principal.epoch,
        created_by=actor.id,
        created_at=now,
        expires_at=now + LASTS,
    )
    uow.session.add(row)
    decision.note(challenge=str(row.id))
    return Given(secret, f"{uow.kernel.settings.origin}/scep", row.expires_at)


def find(uow: UnitOfWork, secret: str) -> ScepChallenge | None:
    """Return the challenge that was shown, used or expired ones too."""
    if not secret:
        return None
    return uow.session.scalar(
        select(ScepChallenge).where(ScepChallenge.secret_hash == hashed(secret))
    )


def spend(uow: UnitOfWork, row: ScepChallenge) -> bool:
    """Use a challenge up; of two requests that come at once with it, one is told no."""
    now = uow.now()
    spent = uow.session.execute(
        update(ScepChallenge)
        .where(
            ScepChallenge.id == row.id,
            ScepChallenge.used_at.is_(None),
            ScepChallenge.expires_at > now,
        )
        .values(used_at=now)
        .returning(ScepChallenge.id)
        .execution_options(synchronize_session=False)
    ).first()
    return spent is not None


def hashed(secret: str) -> str:
    """Return the stored form of a challenge; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
