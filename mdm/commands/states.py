"""The life of a command, as pure decisions.

    queued → notified → delivered → acknowledged | failed | unconfirmed
       ╰──────────┴───→ cancelled | superseded | expired          not_now: asked again later

A command is `notified` once the sweep has sent a further hint for it, `delivered` once it was part
of an answer to the terminal. Only what the terminal reports acknowledges it: fetching proves
nothing. `unconfirmed` gives way to a result that comes late after all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, Protocol, TypeVar

Outcome = Literal["done", "failed", "not_now"]

OPEN: Final = ("queued", "notified", "delivered", "not_now")
CANCELLABLE: Final = ("queued", "notified")
ANSWERABLE: Final = (*OPEN, "unconfirmed")
STATES: Final = (
    *OPEN, "acknowledged", "failed", "expired", "cancelled", "superseded", "unconfirmed",
)  # fmt: skip
AFTER: Final[dict[Outcome, str]] = {
    "done": "acknowledged",
    "failed": "failed",
    "not_now": "not_now",
}


@dataclass(frozen=True)
class Kind:
    """How urgent a kind of command is, and for how long it is worth carrying out."""

    priority: int
    lives: timedelta | None


KINDS: Final[dict[str, Kind]] = {
    "wipe": Kind(100, None),
    "lock": Kind(80, None),
    "unlock": Kind(80, None),
    "refresh": Kind(40, timedelta(hours=1)),
    "message": Kind(20, timedelta(hours=24)),
}
SUPERSEDES: Final[dict[str, tuple[str, ...]]] = {
    "wipe": ("lock", "unlock", "refresh", "message"),
    "lock": ("lock", "unlock"),
    "unlock": ("lock", "unlock"),
    "refresh": ("refresh",),
    "message": (),
}
"""Open commands of these kinds have no meaning any more once one of the given kind is queued.

A wipe never replaces a wipe: the first may be running, and its confirmation must still count.
"""

WHILE: Final[dict[str, tuple[str, ...]]] = {
    "enrolled": tuple(KINDS),
    "lost": ("wipe", "lock"),
    "wiped": (),
    "retired": (),
}
"""What a terminal in each state may still be handed."""


class Waiting(Protocol):
    """What the choice of the next commands looks at."""

    @property
    def kind(self) -> str: ...

    @property
    def priority(self) -> int: ...


W = TypeVar("W", bound=Waiting)


def handed_out(waiting: Iterable[W], device_state: str) -> Sequence[W]:
    """Return what a terminal is given now, most urgent first; a wipe is given alone.

    `waiting` are the open commands in the order they were made.
    """
    allowed = [command for command in waiting if command.kind in WHILE[device_state]]
    wipes = [command for command in allowed if command.kind == "wipe"]
    return wipes[:1] or sorted(allowed, key=lambda command: -command.priority)


def after_ttl(state: str) -> str:
    """Return what an open command becomes when its time is over."""
    return "unconfirmed" if state in ("delivered", "not_now") else "expired"
