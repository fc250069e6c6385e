"""Signing in and out."""

from typing import Final, cast

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, doors
from admin_ui.blueprint import console
from admin_ui.pages import federation
from admin_ui.showing import back_to
from muster.kernel.errors import Fault
from muster.kernel.identity import InvalidGrant, authenticators, sessions
from muster.kernel.web import Auth, Mode, actor, kernel, uow

_LIMIT: Final = 8 * 1024
_TRIES: Final = (20, 300)  # a sign-in page for each address: so many tries in so many seconds


@console.route("/sign-in", auth=Auth.OPEN)
def sign_in() -> str:
    """The form."""
    told = {"problem": None, "form": None, **g.get("console_told_again", {})}
    onwards = doors.inside(request.values.get("next", ""))
    return render_template(
        "sign_in.html",
        chrome=chrome.bare(),
        sign_in_url=url_for("console.sign_in_with_password"),
        passkey=_passkey(),
        next=onwards,
        **federation.sign_in_links(onwards),
        **told,
    )


@console.route("/sign-in", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_LIMIT)
@back_to(sign_in)
def sign_in_with_password() -> Response:
    """Open a session; it always gets a new secret, and the one this browser had ends."""
    _knock()
    number, password = request.form.get("username", ""), request.form.get("password", "")
    try:
        secret, session = sessions.sign_in_to_console(
            kernel(),
            number.strip()[:64],
            password[:1000],
            actor().origin,
            request.form.get("otp", "")[:64],
        )
    except InvalidGrant as error:
        told = _("That did not match. Check the number, the password and the code, and try again.")
        raise InvalidGrant(errors=[Fault("/password", told)]) from error
    return doors.enter(secret, session, _onwards())


@console.route("/passkey/options", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=1024)
def passkey_options() -> Response:
    """A challenge for whoever comes with a passkey of ours."""
    _knock()
    return doors.challenge(*authenticators.passkeys.options(kernel()))


@console.route("/passkey", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_LIMIT)
@back_to(sign_in)
def sign_in_passkey() -> Response:
    """Open a session for the owner of a passkey."""
    _knock()
    answer = request.form.get("credential", "")
    secret, session = sessions.sign_in_with_passkey(
        kernel(), doors.challenged(), answer, actor().origin
    )
    return doors.enter(secret, session, _onwards())


@console.route("/sign-out", methods=["POST"], actions=("identity.session.end_own",))
def sign_out() -> Response:
    """End the session."""
    sessions.sign_out(uow(), actor())
    return doors.leave(cast("Response", redirect(url_for("console.sign_in"), 303)))


def _knock() -> None:
    doors.own_page()
    kernel().limits.hit("console.sign_in", actor().origin.address, *_TRIES)


def _onwards() -> str:
    return doors.inside(request.form.get("next", ""))


def _passkey() -> dict[str, str] | None:
    if not authenticators.passkeys.available(kernel().settings):
        return None
    return {
        "options_url": url_for("console.passkey_options"),
        "url": url_for("console.sign_in_passkey"),
    }
