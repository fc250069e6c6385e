"""Why a hint could not be carried."""

from muster.kernel.errors import DomainError


class HintNotCarried(DomainError):
    """Counted and logged; a slow carrier's job tries again. No use case ever sees it."""

    code, status = "hint_not_carried", 502
    title = "The terminal could not be told to look; it will find out when it next checks in."
