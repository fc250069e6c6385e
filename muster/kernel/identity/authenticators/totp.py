"""Codes of an authenticator app (RFC 6238): 6 digits, 30 seconds, SHA-1, as every app has them.

A code is taken one step early or late (§5.2) and never twice: the last step that was spent is
kept, and only a later one is looked at.
"""

import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pyotp
from sqlalchemy import update

from muster.kernel.identity.authenticators.models import Totp

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

STEP: Final = 30
DIGITS: Final = 6
PURPOSE: Final = "authenticator"
_ISSUER: Final = "Muster"
_BASE32_160_BITS: Final = 32


def fresh() -> str:
    """Return a new secret: 160 bits in base32 (RFC 4226 §4, R6)."""
    return pyotp.random_base32(_BASE32_160_BITS)


def uri(secret: str, number: str) -> str:
    """Return the `otpauth://` address that an app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=number, issuer_name=_ISSUER)


def code_at(secret: str, step: int) -> str:
    """Return the code of one step."""
    return pyotp.OTP(secret).generate_otp(step)


def step_of(at: datetime) -> int:
    """Return the number of the step that a moment falls into."""
    return int(at.timestamp()) // STEP


def matching(secret: str, code: str, at: datetime, spent: int) -> int | None:
    """Return the step whose code this is: now, one before or one after, beyond `spent`."""
    now = step_of(at)
    given = code.strip().replace(" ", "")
    for step in (now, now - 1, now + 1):
        right = hmac.compare_digest(code_at(secret, step).encode(), given.encode())
        if right and step > spent:
            return step
    return None


def seal(kernel: "Kernel", officer_id: UUID, secret: str) -> bytes:
    """Return the secret as it is stored."""
    return kernel.keys.seal(PURPOSE, secret.encode(), officer_id.bytes)


def unseal(kernel: "Kernel", officer_id: UUID, sealed: bytes) -> str:
    """Return the secret of an app."""
    return kernel.keys.open(PURPOSE, sealed, officer_id.bytes).decode()


def put(uow: "UnitOfWork", officer_id: UUID, secret: str, spent: int = 0) -> None:
    """Make this the officer's one app, in the place of any other."""
    held = uow.session.get(Totp, officer_id)
    sealed = seal(uow.kernel, officer_id, secret)
    if held is None:
        uow.session.add(
            Totp(officer_id=officer_id, sealed=sealed, last_step=spent, created_at=uow.now())
        )
    else:
        held.sealed, held.last_step, held.created_at = sealed, spent, uow.now()


def spend(uow: "UnitOfWork", officer_id: UUID, code: str) -> bool:
    """Take a code of the officer's app, once; of two at the same moment one is refused."""
    held = uow.session.get(Totp, officer_id)
    if held is None:
        return False
    secret = unseal(uow.kernel, officer_id, held.sealed)
    step = matching(secret, code, uow.now(), held.last_step)
    if step is None:
        return False
    spent = (
        update(Totp)
        .where(Totp.officer_id == officer_id, Totp.last_step < step)
        .values(last_step=step)
        .returning(Totp.last_step)
    )
    return uow.session.scalar(spent) is not None
