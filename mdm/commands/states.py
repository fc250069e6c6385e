"""The life of a command, as pure decisions.

    queued → notified → delivered → acknowledged | failed | unconfirmed
       ╰──────────┴───→ cancelled | superseded | expired          not_now: asked again later

A command is `notified` once the sweep has sent a further hint for it, `delivered` once it was part
of an answer to the terminal. Only what the terminal reports acknowledges it: fetching proves
nothing. `unconfirmed` gives way to a result that comes late after all; a kind without an end
(`STANDING`) is even then handed out to a terminal that comes back. `retry.py` is the clock's part.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, TypeVar

Outcome = Literal["done", "failed", "not_now"]

OPEN: Final = ("queued", "notified", "delivered", "not_now")
CANCELLABLE: Final = ("queued", "notified")
ANSWERABLE: Final = (*OPEN, "unconfirmed", "expired")
"""A result is news in these states. `expired` too: an answer may cross the clock on its way."""

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
    "wipe_app_data": Kind(90, None),
    "lost_mode": Kind(85, None),
    "end_lost_mode": Kind(85, None),
    "lock": Kind(80, None),
    "unlock": Kind(80, None),
    "reset_passcode": Kind(70, timedelta(minutes=10)),
    "reboot": Kind(60, timedelta(minutes=10)),
    "refresh": Kind(40, timedelta(hours=1)),
    "locate": Kind(35, timedelta(minutes=10)),
    "ring": Kind(30, timedelta(minutes=10)),
    "install": Kind(25, timedelta(days=7)),
    "remove": Kind(25, timedelta(days=7)),
    "message": Kind(20, timedelta(hours=24)),
    "collect_logs": Kind(10, timedelta(hours=24)),
}
AT_ONCE: Final = tuple(kind for kind in KINDS if kind != "wipe")
"""What one person may order; a wipe needs two."""

STANDING: Final = tuple(kind for kind, rules in KINDS.items() if rules.lives is None)
"""Kinds that have no end: without evidence they stay in force, however long ago they went out."""

ONCE: Final = ("reboot",)
"""Kinds that are handed out once: an agent that forgot one it was given must not do it again."""

SUPERSEDES: Final[dict[str, tuple[str, ...]]] = {
    "wipe": tuple(kind for kind in KINDS if kind != "wipe"),
    "wipe_app_data": ("wipe_app_data",),
    "lost_mode": ("lost_mode", "end_lost_mode"),
    "end_lost_mode": ("lost_mode", "end_lost_mode"),
    "lock": ("lock", "unlock"),
    "unlock": ("lock", "unlock"),
    "reset_passcode": ("reset_passcode",),
    "reboot": ("reboot",),
    "refresh": ("refresh",),
    "locate": ("locate",),
    "ring": ("ring",),
    "install": (),
    "remove": (),
    "message": (),
    "collect_logs": ("collect_logs",),
}
"""Open commands of these kinds have no meaning any more once one of the given kind is queued.

A wipe never replaces a wipe: the first may be running, and its confirmation must still count.
"""

WHILE: Final[dict[str, tuple[str, ...]]] = {
    "enrolled": tuple(KINDS),
    "lost": ("wipe", "wipe_app_data", "lost_mode", "end_lost_mode", "lock", "locate", "ring"),
    "wiped": (),
    "retired": (),
}
"""What a terminal in each state may be ordered to do."""

_HANDED: Final = {**WHILE, "retired": ("wipe",)}
"""What a terminal in each state may still be handed: retiring one does not undo its wipe."""


class Waiting(Protocol):
    """What the choice of the next commands looks at."""

    @property
    def kind(self) -> str: ...

    @property
    def priority(self) -> int: ...

    @property
    def state(self) -> str: ...

    @property
    def not_before(self) -> datetime | None: ...


W = TypeVar("W", bound=Waiting)


def handed_out(
    waiting: Iterable[W], device_state: str, now: datetime, *, as_flags: bool = False
) -> Sequence[W]:
    """Return what a terminal is given now, most urgent first; a wipe is given alone.

    `waiting` are the live commands in the order they were made. An agent that reads them `as_flags`
    sees each until it confirms it, also what others are given only once.
    """
    allowed = [
        command
        for command in waiting
        if command.kind in _HANDED[device_state]
        and _due(command, now)
        and (as_flags or not _had(command))
    ]
    wipes = [command for command in allowed if command.kind == "wipe"]
    return wipes[:1] or sorted(allowed, key=lambda command: -command.priority)


def after_ttl(state: str) -> str:
    """Return what an open command becomes when its time is over."""
    return "unconfirmed" if state in ("delivered", "not_now") else "expired"


def _had(command: Waiting) -> bool:
    """Whether this is one of those that are not given twice, and was given."""
    return command.kind in ONCE and command.state == "delivered"


def _due(command: Waiting, now: datetime) -> bool:
    """Whether a command is not put off."""
    return command.not_before is None or command.not_before <= now
