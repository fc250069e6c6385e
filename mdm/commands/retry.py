"""What the clock does to a live command: hint again, ask again, give up, or say "we do not know".

Not fetched: a hint after 2 minutes, 10 minutes, 1 hour, then every hour. Fetched and not answered:
a hint every hour; after a day a kind without an end is `unconfirmed` and is tried daily. A kind
with an end is closed at that end. Pure; `queue.py` and `jobs.py` write what is decided here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from mdm.commands.states import STANDING, after_ttl

UNHEARD: Final = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
UNANSWERED: Final = timedelta(hours=1)
SILENT: Final = timedelta(hours=24)


class Live(Protocol):
    """What the decision looks at."""

    @property
    def kind(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def hints(self) -> int: ...

    @property
    def expires_at(self) -> datetime | None: ...

    @property
    def delivered_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Turn:
    """What becomes of a command now. `next_try_at` None: it is over. `hint`: call the terminal."""

    state: str
    next_try_at: datetime | None
    hint: bool = True


def turn(command: Live, now: datetime) -> Turn:
    """Decide on a command whose next try is due."""
    if command.expires_at is not None and command.expires_at <= now:
        return Turn(after_ttl(command.state), None, hint=False)
    if command.state in ("queued", "notified"):
        return Turn("notified", in_time(now + delay(command.hints + 1), command.expires_at))
    if command.state == "not_now":
        return Turn("not_now", in_time(now + UNANSWERED, command.expires_at))
    if command.state == "unconfirmed" or _silent(command, now):
        return Turn("unconfirmed", now + SILENT)
    return Turn("delivered", in_time(now + UNANSWERED, command.expires_at))


def delay(times: int) -> timedelta:
    """Return how long to wait after something has been said or put off so many times (from 0)."""
    return UNHEARD[min(times, len(UNHEARD) - 1)]


def in_time(planned: datetime, end: datetime | None) -> datetime:
    """Return the planned moment, or the command's end if that is sooner."""
    return planned if end is None else min(planned, end)


def _silent(command: Live, now: datetime) -> bool:
    """Whether a kind without an end was handed out a day ago and nothing came back."""
    delivered = command.delivered_at
    return command.kind in STANDING and delivered is not None and delivered + SILENT <= now
