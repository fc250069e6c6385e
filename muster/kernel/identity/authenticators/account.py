"""One's own account at the console: passkeys, authenticator app, recovery codes, password."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import delete, select

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import account_news, credentials, step_up
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.authenticators import ceremonies, passkeys, recovery, totp
from muster.kernel.identity.authenticators.errors import CodeRefused, LastAuthenticator
from muster.kernel.identity.authenticators.models import Passkey, Totp
from muster.kernel.identity.authenticators.second_factor import PASSWORD_AND_CODE, any_held
from muster.kernel.identity.errors import InvalidGrant
from muster.kernel.identity.models import Credential, Officer, Session
from muster.kernel.identity.proof import Proof
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.notices import Notice

READ: Final = "identity.authenticator.read"
ENROL: Final = "identity.authenticator.enrol"
REMOVE: Final = "identity.authenticator.remove"
CHANGE: Final = "identity.password.change"
_NEWS_SHOWN: Final = 8


@dataclass(frozen=True)
class Overview:
    """What an officer has: passkeys, since when an app, how many recovery codes, what was told."""

    passkeys: list[Passkey]
    app_since: datetime | None
    recovery_codes_left: int
    password: bool
    news: "list[Notice]"


@dataclass(frozen=True)
class NewApp:
    """An app that is not confirmed yet; the secret is in the QR code of `uri` as well."""

    enrolment: str
    secret: str
    uri: str


def overview(uow: UnitOfWork, actor: Actor) -> Overview:
    """Return the actor's second factors and what they were last told about their account."""
    guard.require(uow, actor, READ, _own(uow, actor))
    mine = select(Passkey).where(Passkey.officer_id == actor.id).order_by(Passkey.id)
    app = uow.session.get(Totp, actor.id)
    return Overview(
        passkeys=list(uow.session.scalars(mine)),
        app_since=app.created_at if app else None,
        recovery_codes_left=recovery.left(uow, actor.id),
        password=uow.session.get(Credential, (actor.id, "password")) is not None,
        news=account_news.recent(uow, actor.id, _NEWS_SHOWN),
    )


def may_enrol(uow: UnitOfWork, actor: Actor) -> None:
    """Refuse whoever could not add a second factor at this moment."""
    guard.require(uow, actor, ENROL, _own(uow, actor))


def begin_passkey(uow: UnitOfWork, actor: Actor) -> tuple[str, dict[str, Any]]:
    """Return a challenge's handle and the options for the browser."""
    may_enrol(uow, actor)
    return passkeys.creation_options(uow, uow.session.get_one(Officer, actor.id))


def add_passkey(
    uow: UnitOfWork, actor: Actor, handle: str, credential_json: str, label: str
) -> str:
    """Keep the passkey the browser made; return the session's new secret.

    Making it took the passkey's own verification, so the session has two factors from here on.
    Raises `CeremonyOver` or `PasskeyRefused`.
    """
    decision = guard.require(uow, actor, ENROL, _own(uow, actor))
    passkey, proof = passkeys.register(uow, actor.id, handle, credential_json, label)
    decision.note(kind="passkey", authenticator=str(passkey.id), aaguid=passkey.aaguid)
    account_news.changed(uow, actor.id, "passkey_added", actor.session_id)
    return step_up.renewed(uow, actor, _and(actor, proof))


def remove_passkey(uow: UnitOfWork, actor: Actor, passkey_id: UUID) -> None:
    """Forget a passkey of one's own; raises `LastAuthenticator` rather than leave none."""
    decision = guard.require(uow, actor, REMOVE, _own(uow, actor))
    passkey = uow.session.get(Passkey, passkey_id)
    if passkey is None or passkey.officer_id != actor.id:
        raise NotFound("There is no such passkey of yours.")
    uow.session.delete(passkey)
    uow.session.flush()
    _keep_one(uow, actor)
    decision.note(kind="passkey", authenticator=str(passkey_id))
    account_news.changed(uow, actor.id, "passkey_removed", actor.session_id)


def begin_app(uow: UnitOfWork, actor: Actor) -> NewApp:
    """Return a fresh secret for an authenticator app; it counts once a code of it is shown."""
    may_enrol(uow, actor)
    secret = totp.fresh()
    sealed = totp.seal(uow.kernel, actor.id, secret)
    return _new_app(actor, ceremonies.begin(uow, "totp", sealed, actor.id), secret)


def begun_app(uow: UnitOfWork, actor: Actor, enrolment: str) -> NewApp:
    """Return an app that waits for its code, to show it once more; raises `CeremonyOver`."""
    may_enrol(uow, actor)
    sealed = ceremonies.peek(uow, "totp", enrolment, actor.id)
    return _new_app(actor, enrolment, totp.unseal(uow.kernel, actor.id, sealed))


def confirm_app(uow: UnitOfWork, actor: Actor, enrolment: str, code: str) -> tuple[str, list[str]]:
    """Take the app into use; return the session's new secret and ten recovery codes.

    Raises `CeremonyOver`, or `CodeRefused` for a wrong code, after which another may be tried.
    """
    decision = guard.require(uow, actor, ENROL, _own(uow, actor))
    sealed = ceremonies.peek(uow, "totp", enrolment, actor.id)
    secret = totp.unseal(uow.kernel, actor.id, sealed)
    step = totp.matching(secret, code, uow.now(), 0)
    if step is None:
        raise CodeRefused
    ceremonies.take(uow, "totp", enrolment, actor.id)
    totp.put(uow, actor.id, secret, step)
    decision.note(kind="app")
    account_news.changed(uow, actor.id, "app_added", actor.session_id)
    codes = recovery.renew(uow, actor.id)
    return step_up.renewed(uow, actor, _and(actor, PASSWORD_AND_CODE)), codes


def remove_app(uow: UnitOfWork, actor: Actor) -> None:
    """Forget the app and the recovery codes; raises `LastAuthenticator` rather than leave none."""
    decision = guard.require(uow, actor, REMOVE, _own(uow, actor))
    if uow.session.execute(delete(Totp).where(Totp.officer_id == actor.id)).rowcount == 0:  # type: ignore[attr-defined]
        raise NotFound("There is no authenticator app.")
    recovery.forget(uow, actor.id)
    _keep_one(uow, actor)
    decision.note(kind="app")
    account_news.changed(uow, actor.id, "app_removed", actor.session_id)


def renew_recovery_codes(uow: UnitOfWork, actor: Actor) -> list[str]:
    """Return ten new recovery codes in the place of the old ones."""
    guard.require(uow, actor, ENROL, _own(uow, actor)).note(kind="recovery_codes")
    if uow.session.get(Totp, actor.id) is None:
        raise NotFound("Recovery codes stand in for an authenticator app; there is none.")
    account_news.tell(uow, actor.id, "recovery_codes_renewed")
    return recovery.renew(uow, actor.id)


def may_change_password(uow: UnitOfWork, actor: Actor) -> None:
    """Refuse whoever could not choose another password at this moment."""
    guard.require(uow, actor, CHANGE, _own(uow, actor))


def change_password(uow: UnitOfWork, actor: Actor, current: str, new: str) -> None:
    """Choose another console password; every session but this one ends.

    Raises `InvalidGrant` for a wrong current one, and `WeakSecret`.
    """
    guard.require(uow, actor, CHANGE, _own(uow, actor))
    officer = uow.session.get_one(Officer, actor.id)
    held = uow.session.get(Credential, (actor.id, "password"))
    known = held.hash if held else None
    if not uow.kernel.secrets.verify(known, credentials.normalised(current)):
        uow.afterwards(lambda unit: _count_failure(unit, actor))
        raise InvalidGrant("The current password is not right.")
    credentials.set_password(uow, officer, new)
    uow.session.flush()
    if actor.session_id is not None:
        uow.session.get_one(Session, actor.session_id).officer_epoch = officer.epoch
    account_news.changed(uow, actor.id, "password_changed", actor.session_id)


def _count_failure(uow: UnitOfWork, actor: Actor) -> None:
    uow.kernel.limits.lockouts.fail(uow, f"console:{actor.id}")


def _own(uow: UnitOfWork, actor: Actor) -> Target:
    first = not any_held(uow, actor.id)
    return Target("Authenticator", str(actor.id), {"own": True, "first": first})


def _keep_one(uow: UnitOfWork, actor: Actor) -> None:
    if not any_held(uow, actor.id):
        raise LastAuthenticator


def _new_app(actor: Actor, enrolment: str, secret: str) -> NewApp:
    return NewApp(enrolment, secret, totp.uri(secret, actor.label))


def _and(actor: Actor, proof: Proof) -> Proof:
    """Add what was just shown to what the session was opened with."""
    return Proof(tuple(dict.fromkeys((*actor.amr, *proof.amr))), proof.aal)
