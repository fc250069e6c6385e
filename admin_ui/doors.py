"""The console's door: the session's cookie, the browser before it has one, a waiting challenge.

All three cookies are `__Host-`, HttpOnly and SameSite=Strict: no script reads them, no other site
or subdomain sets or sends them.
"""

import hmac
from typing import Any, Final, cast
from urllib.parse import urlsplit

from flask import Response, g, jsonify, redirect, request, url_for

from muster.kernel.errors import DomainError
from muster.kernel.identity import CrossSite, Session, gate, secret_hash, sessions
from muster.kernel.ids import token
from muster.kernel.web import COOKIE, actor, csrf_token, kernel

_BROWSER: Final = "__Host-muster-gate"
_CHALLENGE: Final = "__Host-muster-challenge"
_OURS: Final = ("same-origin", "none")
_SECONDS: Final = 300
_TWO_FACTORS: Final = 2


def form_token() -> str:
    """Return what our forms carry: derived from the session, or from this browser before it."""
    return csrf_token(g.get("muster_secret", "") or _browser())


def own_page() -> None:
    """Refuse a sign-in that another site sends, and one from no page of ours at all."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if (site is not None and site not in _OURS) or (site is None and foreign):
        raise CrossSite
    held = request.cookies.get(_BROWSER, "")
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not held or not hmac.compare_digest(given.encode(), csrf_token(held).encode()):
        raise CrossSite


def remember(response: Response) -> Response:
    """Keep the browser's token if this answer carries one that is new."""
    made = g.get("console_browser", "")
    if made and made != request.cookies.get(_BROWSER):
        _set(response, _BROWSER, made)
    return response


def enter(secret: str, session: Session, onwards: str = "") -> Response:
    """Give the browser its session and lead it on; the session it had before ends.

    Who came by password alone is led to where a second factor is added.
    """
    _end_former()
    if session.aal < _TWO_FACTORS:
        onwards = url_for("console.account")
    response = cast("Response", redirect(onwards or url_for("console.overview"), 303))
    response.delete_cookie(_BROWSER, secure=True, httponly=True, samesite="Strict")
    return renew(response, secret)


def renew(response: Response, secret: str) -> Response:
    """Give the browser the session's new secret."""
    g.muster_secret = secret
    return _set(response, COOKIE, secret)


def leave(response: Response) -> Response:
    """Take the session's cookie away."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict", path="/")
    return response


def challenge(handle: str, options: dict[str, Any]) -> Response:
    """Answer a script with WebAuthn options; only this browser can answer them."""
    return _set(jsonify(options), _CHALLENGE, handle, _SECONDS)


def challenged() -> str:
    """Return the handle of the challenge this browser was given."""
    return request.cookies.get(_CHALLENGE, "")


def inside(wanted: str) -> str:
    """Return an address of the console to go on to, '' for any other."""
    parts: Any = urlsplit(wanted)
    safe = not parts.scheme and not parts.netloc and "\\" not in wanted
    return wanted if safe and (parts.path + "/").startswith("/console/") else ""


def _browser() -> str:
    if "console_browser" not in g:
        g.console_browser = request.cookies.get(_BROWSER, "") or token()
    return cast("str", g.console_browser)


def _set(response: Response, name: str, value: str, seconds: int | None = None) -> Response:
    response.set_cookie(
        name, value, max_age=seconds, secure=True, httponly=True, samesite="Strict", path="/"
    )
    return response


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
