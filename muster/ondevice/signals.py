"""Which colour a check's answer has: the rule that server and terminal share.

Red: a hit on the exact identifier, or a strong hit with an action. Amber: any other hit, or an
answer that is incomplete or old. Green: every mandatory source answered that it holds no record.
Grey: nobody was asked or nobody answered; it must never be drawn as green.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

FRESH = timedelta(hours=24)
"""A hot list older than this is at best amber."""
_SKEW = timedelta(minutes=5)  # a list from further in the future means that a clock is wrong


class Signal(StrEnum):
    """The colour; shown with text, icon and haptic, never alone."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"


class Basis(StrEnum):
    """How firmly a record fits the subject."""

    EXACT_ID = "exact_id"
    STRONG = "strong"
    POSSIBLE = "possible"


class SourceStatus(StrEnum):
    """How one source answered."""

    HIT = "hit"
    NO_RECORD = "no_record"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    DENIED = "denied"
    STALE = "stale"
    UNSUPPORTED = "unsupported"
    QUEUED = "queued"


_ANSWERED = frozenset({SourceStatus.HIT, SourceStatus.NO_RECORD, SourceStatus.STALE})


class Hit(Protocol):
    """What the rule needs to know of a hit."""

    @property
    def basis(self) -> Basis: ...
    @property
    def action(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """One source's status; only mandatory sources of the purpose hold back green."""

    name: str
    status: SourceStatus
    mandatory: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """The colour and the sentence that stands beside it."""

    signal: Signal
    reason: str


def check_signal(hits: Iterable[Hit], sources: Sequence[SourceAnswer]) -> Verdict:
    """Return the colour of a check from its hits and from how each source answered."""
    found = list(hits)
    if any(map(_is_red, found)):
        return Verdict(Signal.RED, "a record fits: confirm it with its owner")
    if found:
        return Verdict(Signal.AMBER, "a record may fit: compare it with care")
    if not any(source.status in _ANSWERED for source in sources):
        return Verdict(Signal.GREY, "no source has answered")
    return _without_hits([source for source in sources if source.mandatory])


def hot_list_status(hits: Sequence[Hit], age: timedelta) -> SourceStatus:
    """Return the status of the offline hot list as a source, from its hits and its age."""
    if not -_SKEW <= age <= FRESH:
        return SourceStatus.STALE
    return SourceStatus.HIT if hits else SourceStatus.NO_RECORD


def offline_signal(hits: Sequence[Hit], age: timedelta) -> Verdict:
    """Return the colour when the offline hot list is the only source there is."""
    return check_signal(hits, [SourceAnswer("the hot list", hot_list_status(hits, age))])


def _is_red(hit: Hit) -> bool:
    return hit.basis is Basis.EXACT_ID or (hit.basis is Basis.STRONG and bool(hit.action))


def _without_hits(mandatory: Sequence[SourceAnswer]) -> Verdict:
    missing = [source.name for source in mandatory if source.status not in _ANSWERED]
    if missing:
        return Verdict(Signal.AMBER, f"incomplete: {', '.join(missing)} did not answer")
    stale = [source.name for source in mandatory if source.status is SourceStatus.STALE]
    if stale:
        return Verdict(Signal.AMBER, f"out of date: {', '.join(stale)}")
    if any(source.status is SourceStatus.HIT for source in mandatory):
        return Verdict(Signal.AMBER, "a source reported a record that is not shown")
    if not mandatory:
        return Verdict(Signal.GREY, "no mandatory source was asked")
    return Verdict(Signal.GREEN, "no record in any mandatory source")
