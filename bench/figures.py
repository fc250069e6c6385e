"""What a bench reports: figures with their targets, and under what circumstances they were taken."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One measured value. `ratio` is value to peer where there is a peer, else value to target.

    A figure without a target is only counted, and always holds. `sign` says on which side of the
    target the good values are.
    """

    bench: str
    figure: str
    value: float
    unit: str
    target: float | None = None
    sign: Literal["<=", ">="] = "<="
    peer: str | None = None
    peer_value: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        if self.target is None:
            return True
        return self.value <= self.target if self.sign == "<=" else self.value >= self.target

    @property
    def ratio(self) -> float | None:
        """The value over what it is compared with."""
        against = self.target if self.peer_value is None else self.peer_value
        return self.value / against if against else None

    def as_json(self) -> str:
        """Return the figure as one line."""
        ratio = None if self.ratio is None else round(self.ratio, 4)
        return json.dumps(
            {
                "bench": self.bench,
                "figure": self.figure,
                "value": round(self.value, 4),
                "unit": self.unit,
                "target": self.target,
                "holds": self.holds,
                "peer": self.peer,
                "ratio": ratio,
            }
        )


@dataclass(frozen=True)
class Report:
    """A bench's figures, and what a reader must know to compare them."""

    bench: str
    figures: Sequence[Figure]
    circumstances: str


def machine() -> str:
    """Return what of this machine bears on every figure."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
