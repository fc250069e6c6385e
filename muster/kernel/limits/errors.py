"""Refusals of the doors."""

import math

from muster.kernel.errors import DomainError


class TooManyRequests(DomainError):
    """RFC 6585 §4, with Retry-After in whole seconds."""

    code, status = "too_many_requests", 429
    title = "Too many requests. Wait as long as Retry-After says, then try again."

    def __init__(self, wait: float) -> None:
        super().__init__(headers={"Retry-After": str(max(1, math.ceil(wait)))})


class LockedOut(DomainError):
    """AC-7: stays until a supervisor releases it."""

    code, status = "locked_out", 403
    title = "Locked after too many failed attempts. Ask a supervisor to release you."
