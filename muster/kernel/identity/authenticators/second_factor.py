"""What a password needs beside it: a code of the app, or a recovery code.

A password alone is enough only for somebody who has nothing else yet, and opens a session that
may do nothing but add something (`sessions.two-factors-at-the-console` in baseline.cedar).
"""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import exists, select

from muster.kernel.identity import account_news, attempts
from muster.kernel.identity.authenticators import recovery, totp
from muster.kernel.identity.authenticators.models import Passkey, Totp
from muster.kernel.identity.proof import Proof

if TYPE_CHECKING:
    from muster.kernel.identity.attempts import Attempt
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

PASSWORD_ALONE: Final = Proof(("pwd",), aal=1)
PASSWORD_AND_CODE: Final = Proof(("pwd", "otp"), aal=2)


def prove(kernel: "Kernel", attempt: "Attempt", otp: str) -> Proof:
    """Return what a right password and this code amount to; spend the code.

    Raises `InvalidGrant`, counted like a wrong password and looking like one, for a code that is
    missing, wrong or spent.
    """
    officer = attempt.officer
    if officer is None:
        attempts.fail(kernel, attempt, "unknown_number")
    if not otp.strip():
        with kernel.reads() as uow:
            held = any_held(uow, officer.id)
        if held:
            attempts.fail(kernel, attempt, "second_factor_missing")
        return PASSWORD_ALONE
    with kernel.writes() as uow:
        taken = _spend(uow, officer.id, otp)
    if not taken:
        attempts.fail(kernel, attempt, "wrong_code")
    return PASSWORD_AND_CODE


def any_held(uow: "UnitOfWork", officer_id: UUID) -> bool:
    """Whether an officer has a second factor that works."""
    passkey = exists().where(Passkey.officer_id == officer_id, Passkey.blocked_at.is_(None))
    app = exists().where(Totp.officer_id == officer_id)
    return bool(uow.session.scalar(select(passkey | app)))


def _spend(uow: "UnitOfWork", officer_id: UUID, otp: str) -> bool:
    if len(otp.strip().replace(" ", "")) <= totp.DIGITS:
        return totp.spend(uow, officer_id, otp)
    taken = recovery.spend(uow, officer_id, otp)
    if taken:
        account_news.tell(uow, officer_id, "recovery_code_used")
    return taken
