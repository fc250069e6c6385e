"""Why a hint could not be carried."""

from datetime import timedelta

from muster.kernel.errors import DomainError, NotFound


class HintNotCarried(DomainError):
    """Counted and logged; a slow carrier's job tries again. No use case ever sees it."""

    code, status = "hint_not_carried", 502
    title = "The terminal could not be told to look; it will find out when it next checks in."


class HintDelayed(HintNotCarried):
    """The carrier wants to be left alone for `delay` (a quota, an outage)."""

    code, status = "hint_delayed", 503
    title = "The carrier asks to be left alone for a while; other carriers are used meanwhile."

    def __init__(self, detail: str, delay: timedelta) -> None:
        super().__init__(detail)
        self.delay = delay


class HintRefused(HintNotCarried):
    """The carrier does not take our credentials: somebody must look."""

    code, status = "hint_refused", 502
    title = "The carrier refuses our credentials. Renew them; other carriers are used meanwhile."


class CarrierAbsent(NotFound):
    code = "hint_carrier_absent"
    title = "This house does not use this carrier. Use another, or poll."
