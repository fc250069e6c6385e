"""Recovery codes: ten, each good once, for whoever lost their passkey and their telephone."""

import base64
import secrets
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import delete, func, select, update

from muster.kernel.identity.authenticators.models import RecoveryCode
from muster.kernel.identity.secrets import secret_hash

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

HOW_MANY: Final = 10
_BYTES: Final = 15


def renew(uow: "UnitOfWork", officer_id: UUID) -> list[str]:
    """Return ten new codes, shown this once; the old ones are worth nothing any more."""
    forget(uow, officer_id)
    codes = [_fresh() for _ in range(HOW_MANY)]
    for code in codes:
        hashed = secret_hash(_plain(code))
        uow.session.add(RecoveryCode(hash=hashed, officer_id=officer_id, created_at=uow.now()))
    return codes


def spend(uow: "UnitOfWork", officer_id: UUID, code: str) -> bool:
    """Take a code, once."""
    spent = (
        update(RecoveryCode)
        .where(
            RecoveryCode.hash == secret_hash(_plain(code)),
            RecoveryCode.officer_id == officer_id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=uow.now())
        .returning(RecoveryCode.hash)
    )
    return uow.session.scalar(spent) is not None


def left(uow: "UnitOfWork", officer_id: UUID) -> int:
    """Return how many are still good."""
    good = (RecoveryCode.officer_id == officer_id, RecoveryCode.used_at.is_(None))
    return uow.session.scalar(select(func.count()).where(*good)) or 0


def forget(uow: "UnitOfWork", officer_id: UUID) -> None:
    """Delete an officer's codes."""
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.officer_id == officer_id))


def _fresh() -> str:
    """Six groups of four letters and digits: 120 bits."""
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
