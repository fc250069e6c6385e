"""The problem catalogue: every refusal has a stable code, a status and a sentence that helps.

A `DomainError` subclass *is* the catalogue entry; `kernel.web` turns it into RFC 9457
`application/problem+json`, and the documentation lists `catalogue()`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

_catalogue: dict[str, type["DomainError"]] = {}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input: a JSON pointer (RFC 6901) and what to do about it."""

    pointer: str
    detail: str


class DomainError(Exception):
    """A refusal the caller can act on.

    Subclasses set `code` (snake_case, stable for ever), `status` (HTTP) and `title`. `detail` is
    this occurrence's sentence, `detail_zh` the same in Chinese where its author gave one; `errors`
    points into the input; `extra` members join the problem.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    detail_zh: str = ""

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = extra

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            return
        first = _catalogue.setdefault(cls.code, cls)
        if (first.__module__, first.__qualname__) != (cls.__module__, cls.__qualname__):
            message = f"problem code {cls.code!r} is declared twice"
            raise RuntimeError(message)


def catalogue() -> Mapping[str, type[DomainError]]:
    """Return every declared problem by code."""
    return dict(sorted(_catalogue.items()))


class NotFound(DomainError):
    code, status = "not_found", 404
    title = "There is nothing here, or not for you."


class InvalidInput(DomainError):
    code, status = "invalid_input", 422
    title = "The request does not have the documented shape."


class Malformed(DomainError):
    code, status = "malformed", 400
    title = "The request cannot be read."


class BodyTruncated(DomainError):
    code, status = "body_truncated", 400
    title = "The body ended before its announced length. Send it again."


class BodyTooLarge(DomainError):
    code, status = "body_too_large", 413
    title = "The body is larger than this address accepts."


class Conflict(DomainError):
    code, status = "conflict", 409
    title = "This contradicts what is already recorded."


class StaleVersion(DomainError):
    code, status = "stale_version", 412
    title = "Somebody changed this since you read it. Read it again, then repeat your change."


class VersionRequired(DomainError):
    code, status = "version_required", 428
    title = "Say which version you change: send its ETag as If-Match."


class Busy(DomainError):
    code, status = "busy", 503
    title = "The server is busy. Try again in a moment."

    def __init__(self, detail: str | None = None, *, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class Internal(DomainError):
    code, status = "internal_error", 500
    title = "Something went wrong on our side. Nothing was changed; quote the request id."
