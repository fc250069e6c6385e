"""Signing in for an app on a terminal: the authorization endpoint's page (RFC 6749 §3.1).

Number and PIN need no script. Its Content-Security-Policy lets the form lead on to the app that asked, and
nowhere else. The terminal is the one whose key pushed the request, whatever browser shows this.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, doors, locale, scopes
from admin_ui.pages import federation
from admin_ui.showing import back_to
from muster.kernel.errors import DomainError, Fault
from muster.kernel.identity import (
    InvalidGrant,
    Proof,
    attempts,
    authenticators,
    oauth,
    sign_in,
)
from muster.kernel.web import Auth, Mode, Pages, actor, headers, kernel, uow

oauth_pages = Pages("oauth_pages", "admin_ui", url_prefix="/oauth")
oauth_pages.after_request(locale.remember)
oauth_pages.after_request(doors.remember)

_LIMIT: Final = 8 * 1024
_PIN: Final = Proof(("pin", "hwk"), aal=2)
F = TypeVar("F", bound=Callable[..., Any])


def _over(view: F) -> F:
    """Say so on a page of its own when an authorization is over: there is no app to go back to."""

    @wraps(view)
    def run(**values: Any) -> Any:
        try:
            return view(**values)
        except oauth.InvalidRequestUri as error:
            page = render_template("authorize/over.html", chrome=chrome.bare(), code=error.code)
            return make_response(page, error.status)

    return cast("F", run)


@oauth_pages.route("/authorize", auth=Auth.OPEN, mode=Mode.WRITES)
@_over
def authorize() -> Response:
    """Take up a pushed request; a reload of what follows does not use it up again."""
    client, request_uri = request.args.get("client_id", ""), request.args.get("request_uri", "")
    kernel().limits.hit("oauth.authorize", actor().origin.address, 6000, 60)
    handle = oauth.authorization.opened(uow(), client[:100], request_uri[:500])
    return cast("Response", redirect(url_for("oauth_pages.authorize_page", handle=handle), 303))


@oauth_pages.route("/authorize/<string(maxlength=64):handle>", auth=Auth.OPEN)
@_over
def authorize_page(handle: str) -> Response:
    """The form."""
    about = oauth.authorization.pending(kernel(), handle)
    told = {"problem": None, "form": None, **g.get("console_told_again", {})}
    page = make_response(
        render_template(
            "authorize/sign_in.html",
            chrome=_chrome(handle),
            submit_url=url_for("oauth_pages.authorize_officer", handle=handle),
            client=about.client,
            terminal=about.terminal,
            scopes=scopes.words(about.scope),
            sandbox=about.sandbox,
            passkey=_passkey(handle),
            **federation.sign_in_links(handle=handle),
            **told,
        )
    )
    page.headers["Content-Security-Policy"] = headers.CSP.replace(
        "form-action 'self'", f"form-action 'self' {oauth.redirects.source(about.redirect_uri)}"
    )
    return page


@oauth_pages.route(
    "/authorize/<string(maxlength=64):handle>",
    methods=["POST"],
    auth=Auth.OPEN,
    mode=Mode.READS,
    limit=_LIMIT,
)
@_over
@back_to(authorize_page)
def authorize_officer(handle: str) -> Response:
    """Sign the officer in with number and PIN, or take their no back to the app."""
    doors.own_page()
    if "decline" in request.form:
        return _onwards(oauth.authorization.decline(kernel(), handle))
    about, origin = oauth.authorization.pending(kernel(), handle), actor().origin
    kernel().limits.hit("oauth.authorize.handle", handle, 10, 300)
    number, pin = request.form.get("username", ""), request.form.get("pin", "")
    try:
        attempt = attempts.begin(
            kernel(), "terminal", number.strip()[:64], about.client, origin, about.jkt
        )
        sign_in.check_secret(kernel(), attempt, pin[:64])
        return _onwards(oauth.authorization.complete(kernel(), handle, attempt, _PIN))
    except InvalidGrant as error:
        told = _("That did not match. Check the number and the PIN, then try again.")
        raise InvalidGrant(errors=[Fault("/pin", told)]) from error
    except DomainError as error:
        if error.status == 401:  # it is not the console that this person signs in to
            raise oauth.AccessDenied(error.title) from error
        raise


@oauth_pages.route(
    "/authorize/<string(maxlength=64):handle>/passkey/options",
    methods=["POST"],
    auth=Auth.OPEN,
    mode=Mode.READS,
    limit=1024,
)
@_over
def authorize_passkey_options(handle: str) -> Response:
    """A challenge for whoever comes with a passkey of ours."""
    doors.own_page()
    oauth.authorization.pending(kernel(), handle)
    kernel().limits.hit("oauth.authorize.handle", handle, 10, 300)
    return doors.challenge(*authenticators.passkeys.options(kernel()))


@oauth_pages.route(
    "/authorize/<string(maxlength=64):handle>/passkey",
    methods=["POST"],
    auth=Auth.OPEN,
    mode=Mode.READS,
    limit=_LIMIT,
)
@_over
@back_to(authorize_page)
def authorize_passkey(handle: str) -> Response:
    """Sign the owner of a passkey in."""
    doors.own_page()
    about, origin = oauth.authorization.pending(kernel(), handle), actor().origin
    kernel().limits.hit("oauth.authorize.handle", handle, 10, 300)
    officer_id, proof = authenticators.passkeys.verify(
        kernel(), doors.challenged(), request.form.get("credential", ""), origin=origin
    )
    attempt = attempts.begin_for(kernel(), "terminal", officer_id, about.client, origin, about.jkt)
    return _onwards(oauth.authorization.complete(kernel(), handle, attempt, proof))


def _passkey(handle: str) -> dict[str, str] | None:
    if not authenticators.passkeys.available(kernel().settings):
        return None
    return {
        "options_url": url_for("oauth_pages.authorize_passkey_options", handle=handle),
        "url": url_for("oauth_pages.authorize_passkey", handle=handle),
    }


def _chrome(handle: str) -> dict[str, Any]:
    """The other language is this page again, also after an attempt that failed."""
    bare = chrome.bare()
    for language in bare["languages"]:
        language["url"] = url_for(
            "oauth_pages.authorize_page", handle=handle, lang=language["code"]
        )
    return bare


def _onwards(address: str) -> Response:
    return cast("Response", redirect(address, 303))
