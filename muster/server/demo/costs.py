"""What each step of the shift cost the database, read from the answers' Server-Timing headers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

_COUNT = re.compile(r'(\w+);desc="(\d+)"')


@dataclass
class Costs:
    """Requests, statements and commits since the last `take`."""

    requests: int = 0
    statements: int = 0
    commits: int = 0
    total: dict[str, int] = field(
        default_factory=lambda: {"requests": 0, "statements": 0, "commits": 0}
    )

    def hooks(self) -> dict[str, list[Callable[..., Any]]]:
        """Return httpx event hooks that count every answer."""
        return {"response": [self.add]}

    def add(self, response: httpx.Response) -> None:
        """Count one answer."""
        found = dict(_COUNT.findall(response.headers.get("Server-Timing", "")))
        self.requests += 1
        self.statements += int(found.get("statements", 0))
        self.commits += int(found.get("commits", 0))

    def take(self) -> str:
        """Return a line about the step that ends here and begin the next one."""
        line = f"{self.requests} requests, {self.statements} statements, {self.commits} commits"
        for name in self.total:
            self.total[name] += getattr(self, name)
            setattr(self, name, 0)
        return line
