"""The limits of one running server, bundled for the kernel."""

from muster.kernel import clock as clocks
from muster.kernel.clock import Clock
from muster.kernel.db import Database
from muster.kernel.limits.errors import TooManyRequests
from muster.kernel.limits.lockout import Lockouts
from muster.kernel.limits.rates import MemoryRates, Rates, SharedRates
from muster.kernel.limits.replay import MemoryReplay, ReplayCache, SharedReplay


class Limits:
    """`shared` must be true as soon as more than one process serves requests."""

    def __init__(self, db: Database, *, shared: bool, clock: Clock = clocks.now) -> None:
        self.lockouts = Lockouts()
        self.rates: Rates = SharedRates(db, clock) if shared else MemoryRates(clock)
        self.replay: ReplayCache = SharedReplay(db, clock) if shared else MemoryReplay(clock)

    def hit(self, name: str, key: str, limit: int, per_seconds: float) -> None:
        """Count one request of `key` (an address, a device) against the limit called `name`.

        `limit` requests are free at once, then one every `per_seconds / limit` seconds.

        Raises `TooManyRequests`: with Retry-After in whole seconds.
        """
        wait = self.rates.take(name, key, limit, per_seconds)
        if wait > 0:
            raise TooManyRequests(wait)
