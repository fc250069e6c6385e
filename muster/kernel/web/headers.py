"""Request ids and the security headers of every answer."""

import re

from flask import Flask, Response, g, request

from muster.kernel import observe
from muster.kernel.ids import uuid7
from muster.kernel.settings import Settings

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "font-src 'self'; img-src 'self' data:; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def install(app: Flask, settings: Settings) -> None:
    """Give every request an id and every answer its headers."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.muster_request_id = given if _REQUEST_ID.match(given) else str(uuid7())
        observe.request_id.set(g.muster_request_id)
        observe.counts.set(observe.Counts())

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("muster_request_id", "-")
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        if settings.secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if "muster_dpop_nonce" in g:
            response.headers.setdefault("DPoP-Nonce", g.muster_dpop_nonce)
        etag = g.get("muster_etag")
        if etag and response.status_code < 300:
            response.set_etag(etag)
            response.make_conditional(request)
        _count(response, expose=settings.expose_counts)
        return response


def _count(response: Response, *, expose: bool) -> None:
    observe.REQUESTS.labels(request.endpoint or "none", str(response.status_code)).inc()
    counts = observe.counts.get()
    if expose and counts is not None:
        response.headers["Server-Timing"] = (
            f'statements;desc="{counts.statements}", commits;desc="{counts.commits}"'
        )
