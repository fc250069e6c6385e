"""Step-up (RFC 9470): showing once more who one is, and the new secret that the session gets.

These take the kernel, as sign-in does: argon2 runs between two short transactions. Failures count
against the same lock as sign-in at the console.
"""

from typing import TYPE_CHECKING, Final

from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import attempts, clients
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.attempts import Attempt
from muster.kernel.identity.authenticators import passkeys, second_factor
from muster.kernel.identity.errors import InvalidGrant, SessionEnded
from muster.kernel.identity.models import Session
from muster.kernel.identity.proof import Proof
from muster.kernel.identity.secrets import CONSOLE_PREFIX, secret_hash
from muster.kernel.identity.sign_in import check_secret
from muster.kernel.ids import token
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

ACTION: Final = "identity.session.step_up"


def permit(uow: UnitOfWork, actor: Actor) -> None:
    """Decide whether this session may be confirmed at all; asked before anything is checked."""
    own = actor.session_id is not None
    guard.require(uow, actor, ACTION, Target("Session", str(actor.session_id or ""), {"own": own}))


def with_password(kernel: "Kernel", actor: Actor, password: str, otp: str) -> tuple[str, Session]:
    """Confirm with password and code; return the session's new secret (shown once) and its row.

    Raises `InvalidGrant` (counted), `LockedOut`, `Busy`, `SessionEnded`.
    """
    attempt = _begin(kernel, actor)
    check_secret(kernel, attempt, password)
    proof = second_factor.prove(kernel, attempt, otp)
    if proof.aal < second_factor.PASSWORD_AND_CODE.aal:
        attempts.fail(kernel, attempt, "second_factor_missing")
    return _confirm(kernel, actor, attempt, proof)


def with_passkey(
    kernel: "Kernel", actor: Actor, handle: str, credential_json: str
) -> tuple[str, Session]:
    """Confirm with one's own passkey, for a challenge made for this officer.

    Raises `CeremonyOver`, `PasskeyRefused`, `LockedOut`, `SessionEnded`.
    """
    attempt = _begin(kernel, actor)
    _, proof = passkeys.verify(kernel, handle, credential_json, actor.id, actor.origin)
    return _confirm(kernel, actor, attempt, proof)


def renewed(uow: UnitOfWork, actor: Actor, proof: Proof) -> str:
    """Give the actor's session a new secret and what was just proved; the old secret is dead."""
    session = uow.session.get(Session, actor.session_id) if actor.session_id else None
    if session is None or session.kind != "console" or session.revoked_at is not None:
        raise SessionEnded
    secret = CONSOLE_PREFIX + token()
    session.secret_hash = secret_hash(secret)
    session.amr, session.aal = list(proof.amr), proof.aal
    session.auth_at = session.seen_at = uow.now()
    return secret


def _begin(kernel: "Kernel", actor: Actor) -> Attempt:
    if actor.person is None:
        raise InvalidGrant
    return attempts.begin_for(
        kernel, "console", actor.person.id, clients.CONSOLE, actor.origin, action=ACTION
    )


def _confirm(kernel: "Kernel", actor: Actor, attempt: Attempt, proof: Proof) -> tuple[str, Session]:
    if actor.session_id is None:
        raise SessionEnded
    with kernel.writes() as uow:
        attempts.succeed(uow, attempt, actor.session_id)
        secret = renewed(uow, actor, proof)
        session = uow.session.get_one(Session, actor.session_id)
    return secret, session
