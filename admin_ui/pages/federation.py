"""Signing in with a personal certificate or the force's provider, and what is trusted to do so."""

from typing import Any, Final, cast
from urllib.parse import urlencode

from flask import Response, g, make_response, redirect, render_template, request, url_for

from admin_ui import chrome, doors
from admin_ui.blueprint import console
from admin_ui.showing import back_to, problem_of, show
from muster.kernel.identity import oidc, personal_certificates
from muster.kernel.web import Auth, Mode, actor, kernel, uow

PENDING: Final = "__Host-muster-provider"
_LIMIT: Final = 8 * 1024
_PREFIX: Final = "/console"
_REFUSED: Final = (
    "The certificate has expired, or does not come from an authority that is trusted here."
)


def sign_in_links(onwards: str = "", handle: str = "") -> dict[str, Any]:
    """Return what the sign-in page offers besides its own: `oidc` and `certificate_url`.

    `onwards` is where to go afterwards at the console, `handle` an app's authorization request.
    """
    settings = kernel().settings
    asked = {name: value for name, value in (("next", onwards), ("handle", handle)) if value}
    query = f"?{urlencode(asked)}" if asked else ""
    provider = settings.oidc_issuer and {
        "name": settings.oidc_name or settings.oidc_issuer,
        "url": url_for("console.sign_in_oidc") + query,
    }
    at = settings.certificate_origin
    certificate = at and at + url_for("console.sign_in_certificate") + query
    return {"oidc": provider or None, "certificate_url": certificate}


@console.route("/sign-in/certificate", auth=Auth.OPEN)
def sign_in_certificate() -> str:
    """Whose certificate this connection shows; the way to the listener that asks for one."""
    told = {"problem": None, "form": None, **g.get("console_told_again", {})}
    origin = actor().origin
    kernel().limits.hit("console.sign_in", origin.address, 20, 300)
    who = None
    if "refused" in request.args:  # nginx: the handshake itself failed
        told["problem"] = problem_of(
            personal_certificates.CertificateRefused("certificate_untrusted", _REFUSED)
        )
    if origin.certificate and told["problem"] is None:
        who = personal_certificates.holder(kernel(), origin)
    onwards, handle = _asked()
    return render_template(
        "sign_in/certificate.html",
        chrome=chrome.bare(),
        who=who
        and {"name": who.officer.name, "number": who.officer.number}
        | {"issuer": who.issuer, "not_after": who.not_after},
        sign_in_url=url_for("console.sign_in_with_certificate"),
        again_url=sign_in_links(onwards, handle)["certificate_url"],
        other_url=url_for("console.sign_in", next=onwards or None) if not handle else "",
        next=onwards,
        handle=handle,
        **told,
    )


@console.route(
    "/sign-in/certificate", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_LIMIT
)
@back_to(sign_in_certificate)
def sign_in_with_certificate() -> Response:
    """Open a session for whoever the certificate of this connection names."""
    doors.own_page()
    origin, (onwards, handle) = actor().origin, _asked()
    kernel().limits.hit("console.sign_in", origin.address, 20, 300)
    if handle:
        url = personal_certificates.sign_in_for_app(kernel(), handle, origin)
        return cast("Response", redirect(url, 303))
    secret, session = personal_certificates.sign_in_to_console(kernel(), origin)
    answer = doors.enter(secret, session, onwards)
    answer.location = kernel().settings.origin + answer.location
    return answer


@console.route("/sign-in/provider", auth=Auth.OPEN)
def sign_in_oidc() -> Response:
    """Off to the provider; the cookie that its answer must meet lives for ten minutes."""
    kernel().limits.hit("console.sign_in", actor().origin.address, 20, 300)
    onwards, handle = _asked()
    fresh = request.args.get("anew") == "1"
    started = oidc.begin(kernel(), onwards=onwards, handle=handle, fresh=fresh)
    response = cast("Response", redirect(started.url, 303))
    seconds = int(oidc.LIFE.total_seconds())
    response.set_cookie(
        PENDING, started.cookie, seconds, path="/", secure=True, httponly=True, samesite="Lax"
    )
    return response


@console.route(oidc.CALLBACK.removeprefix(_PREFIX), auth=Auth.OPEN)
def sign_in_provider_answers() -> Response:
    """Back from the provider. The page that follows leads on by itself.

    A redirect would not do: the browser counts it as coming from the provider's site, and keeps
    our SameSite=Strict cookie back.
    """
    finished = oidc.finish(kernel(), request.cookies.get(PENDING, ""), _answer(), actor().origin)
    url, cookies = finished.onwards, []
    if finished.session is not None:
        entered = doors.enter(finished.secret, finished.session, doors.inside(url))
        url, cookies = entered.location or "", entered.headers.getlist("Set-Cookie")
    page = make_response(render_template("sign_in/onwards.html", chrome=chrome.bare(), url=url))
    for cookie in cookies:
        page.headers.add("Set-Cookie", cookie)
    page.delete_cookie(PENDING, path="/", secure=True, httponly=True, samesite="Lax")
    return page


@console.route("/trust", endpoint="trust", actions=("identity.trust.read",))
def trust() -> str:
    """Who is believed about people: authorities, how fresh their lists are, the provider."""
    settings, now = kernel().settings, uow().now()
    return show(
        "trust/list.html",
        "trust",
        rows=[
            {
                "kind": one.kind,
                "subject": one.subject,
                "fingerprint": one.fingerprint,
                "not_after": one.not_after,
                "list": "missing"
                if one.next_update is None
                else ("expired" if one.next_update <= now else "current"),
                "this_update": one.this_update,
                "next_update": one.next_update,
                "revoked": one.entries,
                "crl_url": one.crl_url,
                "error": one.crl_error,
            }
            for one in personal_certificates.listing(uow(), actor())
        ],
        demanded=settings.certificate_crl == "required",
        certificate_origin=settings.certificate_origin,
        provider=oidc.state(uow(), actor()),
    )


def _asked() -> tuple[str, str]:
    return doors.inside(request.values.get("next", "")), request.values.get("handle", "")[:200]


def _answer() -> dict[str, str]:
    """Return the parameters of the answer; one that comes twice is none (RFC 6749 §3.1)."""
    lists = request.args.to_dict(flat=False)
    return {name: values[0] for name, values in lists.items() if len(values) == 1}
