"""What a scanned serial number means in a stock-take (pure)."""

from dataclasses import dataclass
from typing import Final, Literal

Result = Literal["present", "missing", "unexpected", "unknown"]
RESULTS: Final[tuple[Result, ...]] = ("present", "missing", "unexpected", "unknown")
EXPECTED: Final = ("in_stock", "issued", "found", "inspected", "wiped")
"""Stages in which a thing must show up: the others are on order, in repair, lost, or gone."""


@dataclass(frozen=True)
class Line:
    """How one serial number counts, and why in a word."""

    result: Result
    why: str = ""


def reckon(stage: str | None, *, here: bool) -> Line:
    """Return how a scanned thing counts: `stage` is None for a number the book does not know.

    `here`: it belongs to the unit that is counted, or to one below it.
    """
    if stage is None:
        return Line("unknown", "not_in_book")
    if not here:
        return Line("unexpected", "other_unit")
    if stage not in EXPECTED:
        return Line("unexpected", stage)
    return Line("present")
