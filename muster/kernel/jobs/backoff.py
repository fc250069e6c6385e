"""How long a failed job waits before it is tried again, and when it is given up."""

from datetime import timedelta

ATTEMPTS = 10  # spread over about an hour and a half: a remote register's longer outage
FIRST = timedelta(seconds=4)
LONGEST = timedelta(minutes=30)


def delay(attempts: int, spread: float) -> timedelta:
    """Return the wait after the given number of attempts (1, 2, …).

    Doubles from 4 s up to 30 min; `spread` in [0, 1) moves it between half and the whole of that,
    so that jobs which failed together do not return together.
    """
    doublings = min(attempts - 1, 20)
    whole = min(FIRST * (1 << doublings), LONGEST)
    return whole * (0.5 + spread / 2)
