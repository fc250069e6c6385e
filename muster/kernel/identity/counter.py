"""An officer shows at somebody else's console who they are, by number and PIN, to sign for a thing.

It opens no session. Failures are counted against a lock of the counter's own, so that guessing there
disarms no patrol; a PIN that is locked on terminals is worth nothing here either. These take the
kernel, as sign-in does: argon2 runs between two short transactions.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from muster.kernel.errors import DomainError
from muster.kernel.identity import attempts, clients
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.attempts import Attempt
from muster.kernel.identity.errors import InvalidGrant
from muster.kernel.identity.sign_in import check_secret, in_service
from muster.kernel.limits import LockedOut

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

_TRIES = 60
_SECONDS = 3600


class PinNotAccepted(DomainError):
    code, status = "pin_not_accepted", 422
    title = (
        "The number or the PIN is not right. Five failures lock it until a supervisor releases it."
    )


class PinNotChosen(DomainError):
    code, status = "pin_not_chosen", 409
    title = "Somebody else set this PIN. Its owner chooses one of their own on a terminal first."


def prove(kernel: "Kernel", actor: Actor, number: str, pin: str, *, action: str) -> Attempt:
    """Return the proof that the officer of a number stands at the actor's console.

    `action` is what the log calls it. Call it while no transaction is open, then `settle` what it
    returns in the one that does what was proved. Raises `PinNotAccepted` alike for an unknown number,
    a wrong PIN and an officer not in service, `PinNotChosen`, `LockedOut`, `TooManyRequests`, `Busy`.
    """
    kernel.limits.hit("identity.counter", str(actor.id), _TRIES, _SECONDS)
    client = actor.app.name if actor.app else clients.CONSOLE
    attempt = attempts.begin(kernel, "counter", number, client, actor.origin, action=action)
    _refuse_locked(kernel, attempt)
    try:
        check_secret(kernel, attempt, pin)
        in_service(kernel, attempt)
    except InvalidGrant as error:
        raise PinNotAccepted from error
    if attempt.must_change:
        attempts.refuse(kernel, attempt, PinNotChosen(), reason=PinNotChosen.code)
    return attempt


def settle(uow: "UnitOfWork", attempt: Attempt, session_id: UUID) -> None:
    """Record the proof with the act it was for; `session_id` is the console's. May raise `LockedOut`."""
    attempts.succeed(uow, attempt, session_id)


def _refuse_locked(kernel: "Kernel", attempt: Attempt) -> None:
    if attempt.officer is None:
        return
    with kernel.reads() as uow:
        locked = kernel.limits.lockouts.is_locked(uow, f"officer:{attempt.officer.id}")
    if locked:
        attempts.refuse(kernel, attempt, LockedOut(), reason=LockedOut.code)
