"""My account: what I sign in with, what was changed about it, and where I am signed in."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import words
from admin_ui.blueprint import console
from admin_ui.showing import back_to, done, show
from muster.kernel.errors import Fault
from muster.kernel.identity import InvalidGrant, WeakSecret, authenticators, my_sessions
from muster.kernel.web import actor, uow

N_ = str
own = authenticators.account
_END: Final = "identity.session.end_own"
_TWO_FACTORS: Final = 2
NEWS: Final = {
    "passkey_added": N_("A passkey was added."),
    "passkey_removed": N_("A passkey was removed."),
    "passkey_blocked": N_("A passkey was blocked: its counter went backwards, as with a copy."),
    "app_added": N_("An authenticator app was added."),
    "app_removed": N_("The authenticator app was removed."),
    "recovery_codes_renewed": N_("New recovery codes were made."),
    "recovery_code_used": N_("A recovery code was used to sign in."),
    "password_changed": N_("The password was changed."),
    "pin_changed": N_("The PIN was changed."),
    "authenticators_reset": N_("All second factors were taken away by an administrator."),
    "sessions_ended": N_("Sessions were ended."),
}
_WAYS: Final = {
    "pwd": N_("password"),
    "otp": N_("code"),
    "pin": N_("PIN"),
    "hwk": N_("key in a device"),
    "swk": N_("synced passkey"),
    "user": "",
}


@console.route("/account", actions=(own.READ, "identity.session.read_own"))
def account() -> str:
    """The page."""
    mine = own.overview(uow(), actor())
    return show(
        "account/overview.html",
        "account",
        passkeys=[_passkey(row) for row in mine.passkeys],
        new_passkey_url=_new_passkey(),
        app_since=mine.app_since,
        app_url=url_for("console.account_app_new"),
        remove_app_url=url_for("console.account_app_remove"),
        recovery_codes_left=mine.recovery_codes_left,
        codes_url=url_for("console.account_codes"),
        password_url=url_for("console.account_password") if mine.password else "",
        sessions=[_session(row) for row in my_sessions.mine(uow(), actor())],
        end_others_url=url_for("console.account_end_others"),
        news=[_told(row.kind, row.created_at) for row in mine.news],
        alone=actor().aal < _TWO_FACTORS,
    )


@console.route("/account/password", actions=(own.CHANGE,))
def account_password() -> str:
    """The form."""
    own.may_change_password(uow(), actor())
    return show("account/password.html", "account", url=url_for("console.account_change_password"))


@console.route("/account/password", methods=["POST"], actions=(own.CHANGE,))
@back_to(account_password)
def account_change_password() -> Response:
    """Choose another password; every other session ends."""
    form = request.form
    if form.get("new", "") != form.get("repeated", ""):
        raise WeakSecret(errors=[Fault("/repeated", _("This is not the same password."))])
    try:
        own.change_password(uow(), actor(), form.get("current", "")[:1000], form.get("new", ""))
    except WeakSecret as error:
        raise WeakSecret(errors=[Fault("/new", error.detail)]) from error
    except InvalidGrant as error:
        told = _("This is not your password.")
        raise InvalidGrant(errors=[Fault("/current", told)]) from error
    return done("password", "console.account")


@console.route("/account/sessions/<uuid:session_id>/end", methods=["POST"], actions=(_END,))
@back_to(account, keys=())
def account_end_session(session_id: UUID) -> Response:
    """End one of one's own sessions."""
    my_sessions.end(uow(), actor(), session_id)
    return done("session_ended", "console.account")


@console.route("/account/sessions/end-others", methods=["POST"], actions=(_END,))
@back_to(account)
def account_end_others() -> Response:
    """End every session but this one."""
    my_sessions.end_others(uow(), actor())
    return done("session_ended", "console.account")


def session_row(row: my_sessions.OpenSession) -> dict[str, Any]:
    """Return an open session in words."""
    ways = [_(_WAYS[way]) if way in _WAYS else way for way in row.amr if _WAYS.get(way, way)]
    return {
        "id": str(row.id),
        "place": row.terminal or _("Console"),
        "client": row.client,
        "ways": " · ".join(ways),
        "began_at": row.began_at,
        "seen_at": row.seen_at,
        "expires_at": row.expires_at,
        "current": row.current,
    }


def _session(row: my_sessions.OpenSession) -> dict[str, Any]:
    end = "" if row.current else url_for("console.account_end_session", session_id=row.id)
    return {**session_row(row), "end_url": end}


def _passkey(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "label": row.label,
        "synced": row.backed_up,
        "blocked": row.blocked_at is not None,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
        "remove_url": url_for("console.account_passkey_remove", passkey_id=row.id),
    }


def _new_passkey() -> str:
    offered = authenticators.passkeys.available(uow().kernel.settings)
    return url_for("console.account_passkey_new") if offered else ""


def _told(kind: str, at: Any) -> dict[str, Any]:
    return {"text": words.of(NEWS, kind.rpartition(".")[2]), "at": at}
