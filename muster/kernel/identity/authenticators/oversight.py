"""What security admins do for others: end their sessions, take lost second factors away."""

from uuid import UUID

from sqlalchemy import delete

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.identity import account_news, my_sessions
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.authenticators import recovery
from muster.kernel.identity.authenticators.models import Passkey, Totp
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Officer
from muster.kernel.identity.my_sessions import OpenSession
from muster.kernel.identity.officers import target_of
from muster.kernel.uow import UnitOfWork


def sessions_of(uow: UnitOfWork, actor: Actor, officer_id: UUID) -> list[OpenSession]:
    """Return the open sessions of an officer one answers for."""
    officer = _officer(uow, officer_id)
    guard.require(uow, actor, "identity.officer.read_sessions", target_of(uow, actor, officer))
    return my_sessions.open_of(uow, officer_id, actor.session_id)


def end_sessions(uow: UnitOfWork, actor: Actor, officer_id: UUID, reason: str) -> int:
    """End every session of an officer, on terminals and at the console (ASVS 7.4.5)."""
    officer = _officer(uow, officer_id)
    target = target_of(uow, actor, officer)
    decision = guard.require(uow, actor, "identity.officer.end_sessions", target)
    held = my_sessions.open_of(uow, officer_id)
    my_sessions.end_all(uow, [session.id for session in held])
    account_news.tell(uow, officer_id, "sessions_ended")
    decision.note(reason=reason, ended=len(held))
    return len(held)


def reset(uow: UnitOfWork, actor: Actor, officer_id: UUID, reason: str) -> None:
    """Take every second factor of an officer away: they lost them. Their sessions end.

    They sign in with their password once more, and may then do nothing but add a new one.
    """
    officer = _officer(uow, officer_id)
    target = target_of(uow, actor, officer)
    decision = guard.require(uow, actor, "identity.officer.reset_authenticators", target)
    decision.note(reason=reason)
    forget_all(uow, officer)


def forget_all(uow: UnitOfWork, officer: Officer) -> None:
    """Delete every second factor and end every session of an officer."""
    uow.session.execute(delete(Passkey).where(Passkey.officer_id == officer.id))
    uow.session.execute(delete(Totp).where(Totp.officer_id == officer.id))
    recovery.forget(uow, officer.id)
    officer.epoch += 1
    look_again(uow, officer.id)
    account_news.tell(uow, officer.id, "authenticators_reset")


def _officer(uow: UnitOfWork, officer_id: UUID) -> Officer:
    officer = uow.session.get(Officer, officer_id)
    if officer is None:
        raise NotFound("There is no such officer.")
    return officer
