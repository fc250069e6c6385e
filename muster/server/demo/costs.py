"""What each step of the shift cost the database, read from the answers' Server-Timing headers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Self

import httpx

_COUNT = re.compile(r'(\w+);desc="(\d+)"')


@dataclass
class Tally:
    """Requests answered, and the statements and commits behind them."""

    requests: int = 0
    statements: int = 0
    commits: int = 0

    def add(self, other: Self) -> None:
        """Add what another tally counted."""
        for part in fields(self):
            setattr(self, part.name, getattr(self, part.name) + getattr(other, part.name))

    def __str__(self) -> str:
        return f"{self.requests} requests, {self.statements} statements, {self.commits} commits"


@dataclass
class Costs:
    """The tally since the last `take`, and the one over all."""

    now: Tally = field(default_factory=Tally)
    total: Tally = field(default_factory=Tally)

    def hooks(self) -> dict[str, list[Callable[..., Any]]]:
        """Return httpx event hooks that count every answer."""
        return {"response": [self.count]}

    def count(self, response: httpx.Response) -> None:
        """Count one answer."""
        found = dict(_COUNT.findall(response.headers.get("Server-Timing", "")))
        statements, commits = int(found.get("statements", 0)), int(found.get("commits", 0))
        self.now.add(Tally(1, statements, commits))

    def take(self) -> Tally:
        """Return the tally of the step that ends here and begin the next one."""
        done, self.now = self.now, Tally()
        self.total.add(done)
        return done
