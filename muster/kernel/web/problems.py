"""Every refusal as RFC 9457 problem+json, and every stray exception as a 500 that says little."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import ClientDisconnected, HTTPException

from muster.kernel import i18n
from muster.kernel.errors import (
    BodyTooLarge,
    BodyTruncated,
    DomainError,
    Fault,
    Internal,
    InvalidInput,
    Malformed,
    NotFound,
)
from muster.kernel.uow import translate
from muster.kernel.web.marks import marks

TYPE_BASE = "https://passmuster.org/problems/"
PAGE_RENDERER = "muster_problem_page"
_CHALLENGES = {
    "dpop_proof_replayed": "invalid_dpop_proof",
    "session_ended": "invalid_token",
    "device_unknown": "invalid_token",
}
"""What RFC 6750 §3.1 and RFC 9449 §7.1 call refusals that the body tells apart."""
_FROM_DATABASE = (IntegrityError, OperationalError, StaleDataError, PoolTimeout)
_UNSTORABLE = (DataError, OverflowError, UnicodeEncodeError)  # the last two: from SQLite's driver
_log = logging.getLogger("muster.web")
PageRenderer = Callable[[DomainError], Response]


class MethodNotAllowed(DomainError):
    code, status = "method_not_allowed", 405
    title = "This address does not take this method."


class UnsupportedMedia(DomainError):
    code, status = "unsupported_media_type", 415
    title = "Send the body in the documented media type."


_BY_STATUS: dict[int, type[DomainError]] = {
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: UnsupportedMedia,
    422: InvalidInput,
}


def problem(error: DomainError) -> Response:
    """Return the problem document of a refusal, its title in the language the caller prefers."""
    language = i18n.choose(tag for tag, quality in request.accept_languages if quality > 0)
    title = i18n.title(type(error), language)
    body: dict[str, Any] = {
        "type": TYPE_BASE + error.code,
        "title": title,
        "status": error.status,
        "detail": i18n.detail(error, language),
        "instance": f"urn:request:{g.get('muster_request_id', '-')}",
        "code": error.code,
        **error.extra,
    }
    if error.errors:
        body["errors"] = [{"pointer": f.pointer, "detail": f.detail} for f in error.errors]
    response = Response(
        json.dumps(body, ensure_ascii=False, default=str),
        error.status,
        content_type="application/problem+json",
    )
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    response.headers.update(error.headers)
    if error.status == 401:
        told = _CHALLENGES.get(error.code, error.code)
        response.headers.setdefault("WWW-Authenticate", f'DPoP error="{told}", algs="ES256"')
    return response


def answer(error: Exception) -> Response:
    """Turn any exception of a request into its answer."""
    refused = domain_error(error)
    renderer: PageRenderer | None = None
    mark = marks(_app()).get(request.endpoint or "")
    if (mark and mark.page) or (mark is None and request.path.startswith("/console")):
        renderer = _app().extensions.get(PAGE_RENDERER)
    return renderer(refused) if renderer else problem(refused)


def install(app: Flask) -> None:
    """Make `answer` the one error handler of the app."""
    app.register_error_handler(Exception, answer)
    app.register_error_handler(HTTPException, answer)


def _app() -> Flask:
    from flask import current_app

    return current_app


def domain_error(error: Exception) -> DomainError:
    """Return the refusal that any exception of a request means; a stray one is a logged 500."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, ClientDisconnected):
        return BodyTruncated()
    if isinstance(error, HTTPException):
        return _from_http(error)
    if isinstance(error, _UNSTORABLE):
        return InvalidInput("A value is out of the range that can be stored.")
    translated = translate(error) if isinstance(error, _FROM_DATABASE) else error
    if isinstance(translated, DomainError):
        return translated
    _log.exception("request failed", exc_info=error)
    return Internal()


def _from_http(error: HTTPException) -> DomainError:
    messages = getattr(error, "data", {}).get("messages")
    if messages:
        faults = list(_faults(messages))
        return Malformed(errors=faults) if error.code == 400 else InvalidInput(errors=faults)
    kind = _BY_STATUS.get(error.code or 500, Malformed if (error.code or 500) < 500 else Internal)
    refused = kind(error.description if error.code == 400 else None)
    if error.code == 405 and getattr(error, "valid_methods", None):
        refused.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return refused


def _faults(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Flatten marshmallow's message tree; its first level is the location, not the document."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            location = pointer == "" and key in ("json", "query", "form", "files", "headers")
            step = "" if location or key == "_schema" else f"/{escaped(key)}"
            yield from _faults(value, pointer + step if not location else "#")
    elif isinstance(messages, list):
        for message in messages:
            yield from _faults(message, pointer)
    else:
        yield Fault(pointer.removeprefix("#"), str(messages))


def escaped(key: object) -> str:
    """Return a name as a step of a JSON pointer (RFC 6901 §3)."""
    return str(key).replace("~", "~0").replace("/", "~1")
