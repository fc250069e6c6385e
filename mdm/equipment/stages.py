"""Which stage a piece of equipment may go to next (pure): one table, from the box to the shredder.

procured → in_stock → issued → in_stock …, by way of in_repair, lost → found → inspected, or
wiped; retired at the end. What was found is inspected before anybody gets it again.
"""

from dataclasses import dataclass
from typing import Final, Literal

Stage = Literal[
    "procured",
    "in_stock",
    "issued",
    "in_repair",
    "lost",
    "found",
    "inspected",
    "wiped",
    "retired",
]
Act = Literal[
    "receive",
    "issue",
    "take_back",
    "repair",
    "report_lost",
    "report_found",
    "inspect",
    "wipe",
    "retire",
]


@dataclass(frozen=True)
class Move:
    """From which stages an act leads to which."""

    start: frozenset[str]
    end: Stage


def _move(end: Stage, *start: Stage) -> Move:
    return Move(frozenset(start), end)


STAGES: Final[tuple[Stage, ...]] = (
    "procured",
    "in_stock",
    "issued",
    "in_repair",
    "lost",
    "found",
    "inspected",
    "wiped",
    "retired",
)
MOVES: Final[dict[Act, Move]] = {
    "receive": _move("in_stock", "procured", "in_repair", "inspected", "retired"),
    "issue": _move("issued", "in_stock", "inspected"),
    "take_back": _move("in_stock", "issued", "inspected"),
    "repair": _move("in_repair", "in_stock", "issued", "inspected"),
    "report_lost": _move(
        "lost", "procured", "in_stock", "issued", "in_repair", "found", "inspected"
    ),
    "report_found": _move("found", "lost"),
    "inspect": _move("inspected", "found", "wiped"),
    "wipe": _move("wiped", "in_stock", "issued", "in_repair", "lost", "found", "inspected"),
    "retire": _move("retired", "procured", "in_stock", "in_repair", "lost", "inspected", "wiped"),
}
HELD: Final = frozenset(("issued", "lost", "found", "inspected", "wiped"))
"""Stages in which somebody may still answer for the thing: custody stays open through them."""


def allowed(stage: str) -> tuple[Act, ...]:
    """Return the acts that a stage permits, in the order of the table."""
    return tuple(act for act, move in MOVES.items() if stage in move.start)


def after(stage: str, act: Act) -> str | None:
    """Return the stage that an act leads to, or None if this stage does not permit it."""
    move = MOVES[act]
    return move.end if stage in move.start else None


def followed(stage: str, act: Act) -> str:
    """Return where the thing is after its terminal did something; what the table forbids, stays.

    A terminal's own move is never held up by the book that is kept of it.
    """
    return after(stage, act) or stage


def enrolled(stage: str, *, held: bool) -> str:
    """Return the stage of a thing whose terminal just enrolled; `held`: somebody answers for it.

    It is evidently in the house and working. What is lost, found, or in repair stays so: a person
    looks at it first.
    """
    if stage in ("procured", "in_stock", "wiped", "retired"):
        return "issued" if held else "in_stock"
    return stage


def refusal(stage: str, act: Act) -> str:
    """Say why a stage does not permit an act, and what may be done instead."""
    begin = f"It is {_WORDS[stage]}; "
    advice = _ADVICE.get((stage, act))
    if advice:
        return begin + advice
    instead = ", ".join(allowed(stage))
    return f"{begin}{act} is not possible. Possible now: {instead}."


_WORDS: Final[dict[str, str]] = {
    "procured": "on order",
    "in_stock": "in stock",
    "issued": "issued",
    "in_repair": "in repair",
    "lost": "lost",
    "found": "found",
    "inspected": "inspected",
    "wiped": "wiped",
    "retired": "retired",
}
_ADVICE: Final[dict[tuple[str, Act], str]] = {
    ("procured", "issue"): "receive it into stock first.",
    ("issued", "issue"): "take it back first.",
    ("in_repair", "issue"): "receive it back into stock first.",
    ("lost", "issue"): "report it found and inspect it first.",
    ("found", "issue"): "inspect it first.",
    ("wiped", "issue"): "enrol it again, or inspect it first.",
    ("found", "take_back"): "inspect it first.",
    ("lost", "take_back"): "report it found first.",
    ("issued", "retire"): "take it back first.",
    ("found", "retire"): "inspect it first.",
    ("found", "receive"): "inspect it first.",
    ("lost", "receive"): "report it found first.",
}
