"""Challenges: asked for, put into a new key by the secure hardware, and spent once.

Only the hash is kept. A challenge belongs to one enrolled terminal, or to one enrolment token
while the terminal is nobody yet.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert

from mdm.attestation.errors import ChallengeInvalid
from mdm.attestation.models import AttestationChallenge
from muster.kernel.uow import UnitOfWork

LIVES: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Challenge:
    """A challenge as it is given out, once: 32 random bytes."""

    value: bytes
    expires_at: datetime


def issue(
    uow: UnitOfWork, *, device_id: UUID | None = None, token_id: UUID | None = None
) -> Challenge:
    """Make a challenge for a terminal or for the holder of a token."""
    made = Challenge(secrets.token_bytes(32), uow.now() + LIVES)
    uow.session.execute(
        insert(AttestationChallenge).values(
            hash=_hash(made.value),
            device_id=device_id,
            token_id=token_id,
            expires_at=made.expires_at,
        )
    )
    return made


def spend(
    uow: UnitOfWork, value: bytes, *, device_id: UUID | None = None, token_id: UUID | None = None
) -> None:
    """Take a challenge back from whom it was given to; of two at once, one is refused.

    Raises `ChallengeInvalid`.
    """
    spent = uow.session.scalar(
        delete(AttestationChallenge)
        .where(
            AttestationChallenge.hash == _hash(value),
            AttestationChallenge.device_id == device_id,
            AttestationChallenge.token_id == token_id,
            AttestationChallenge.expires_at > uow.now(),
        )
        .returning(AttestationChallenge.hash)
        .execution_options(synchronize_session=False)
    )
    if spent is None:
        raise ChallengeInvalid


def sweep(uow: UnitOfWork) -> None:
    """Forget what ran out unused."""
    uow.session.execute(
        delete(AttestationChallenge)
        .where(AttestationChallenge.expires_at <= uow.now())
        .execution_options(synchronize_session=False)
    )


def _hash(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()
