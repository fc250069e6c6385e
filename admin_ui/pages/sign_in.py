"""Signing in and out."""

from typing import Any, Final, cast
from urllib.parse import urlsplit

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome
from admin_ui.blueprint import console
from admin_ui.showing import back_to
from muster.kernel.errors import DomainError, Fault
from muster.kernel.identity import CrossSite, InvalidGrant, gate, secret_hash, sessions
from muster.kernel.web import COOKIE, Auth, Mode, actor, kernel, uow

_LIMIT: Final = 8 * 1024
_OURS: Final = ("same-origin", "none")


@console.route("/sign-in", auth=Auth.OPEN)
def sign_in() -> str:
    """The form."""
    told = {"problem": None, "form": None, **g.get("console_told_again", {})}
    return render_template(
        "sign_in.html",
        chrome=chrome.bare(),
        sign_in_url=url_for("console.sign_in_with_password"),
        passkey=None,
        oidc=None,
        next=_inside(request.values.get("next", "")),
        step_up=False,
        **told,
    )


@console.route("/sign-in", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_LIMIT)
@back_to(sign_in)
def sign_in_with_password() -> Response:
    """Open a session; it always gets a new secret, and the one this browser had ends."""
    _own_page()
    origin = actor().origin
    kernel().limits.hit("console.sign_in", origin.address, 20, 300)
    number, password = request.form.get("username", ""), request.form.get("password", "")
    try:
        secret, _session = sessions.sign_in_to_console(
            kernel(), number.strip()[:64], password[:1000], origin
        )
    except InvalidGrant as error:
        told = _("That did not match. Check the number and the password, then try again.")
        raise InvalidGrant(errors=[Fault("/password", told)]) from error
    _end_former()
    onwards = _inside(request.form.get("next", "")) or url_for("console.overview")
    response = cast("Response", redirect(onwards, 303))
    response.set_cookie(COOKIE, secret, secure=True, httponly=True, samesite="Strict", path="/")
    return response


@console.route("/sign-out", methods=["POST"], actions=("identity.session.end_own",))
def sign_out() -> Response:
    """End the session."""
    sessions.sign_out(uow(), actor())
    response = cast("Response", redirect(url_for("console.sign_in"), 303))
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict", path="/")
    return response


def _own_page() -> None:
    """Refuse a sign-in that another site sends: there is no session yet to derive a token from."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if (site is not None and site not in _OURS) or (site is None and foreign):
        raise CrossSite


def _end_former() -> None:
    held = request.cookies.get(COOKIE)
    if not held:
        return
    try:
        former = gate.by_console_secret(kernel(), secret_hash(held), actor().origin).actor
    except DomainError:
        return
    with kernel().writes() as unit:
        sessions.sign_out(unit, former)


def _inside(wanted: str) -> str:
    """Return an address of the console to go on to, '' for any other."""
    parts: Any = urlsplit(wanted)
    safe = not parts.scheme and not parts.netloc and "\\" not in wanted
    return wanted if safe and (parts.path + "/").startswith("/console/") else ""
