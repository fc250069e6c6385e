"""The colour of an answer never promises more than the sources said."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.ondevice import Basis, Signal, SourceAnswer, SourceStatus, check_signal, offline_signal

HOUR = timedelta(hours=1)
ANSWERS = st.lists(
    st.builds(SourceAnswer, st.just("register"), st.sampled_from(SourceStatus), st.booleans())
)


@dataclass(frozen=True)
class Found:
    basis: Basis
    action: str = ""


NO_RECORD = SourceAnswer("wanted", SourceStatus.NO_RECORD)


@pytest.mark.parametrize(
    ("hit", "signal"),
    [
        (Found(Basis.EXACT_ID), Signal.RED),
        (Found(Basis.STRONG, "arrest"), Signal.RED),
        (Found(Basis.STRONG), Signal.AMBER),
        (Found(Basis.POSSIBLE, "arrest"), Signal.AMBER),
    ],
)
def test_a_hits_basis_and_action_decide_its_colour(hit: Found, signal: Signal) -> None:
    assert check_signal([hit], [NO_RECORD]).signal is signal


def test_a_missing_mandatory_source_holds_green_back_and_is_named() -> None:
    silent = SourceAnswer("national register", SourceStatus.TIMEOUT)
    verdict = check_signal([], [NO_RECORD, silent])
    assert verdict.signal is Signal.AMBER
    assert "national register did not answer" in verdict.reason


def test_an_optional_source_does_not_hold_green_back() -> None:
    silent = SourceAnswer("insurers", SourceStatus.UNAVAILABLE, mandatory=False)
    assert check_signal([], [NO_RECORD, silent]).signal is Signal.GREEN


def test_when_nobody_answered_the_colour_is_grey() -> None:
    assert check_signal([], []).signal is Signal.GREY
    assert check_signal([], [SourceAnswer("wanted", SourceStatus.DENIED)]).signal is Signal.GREY


@given(ANSWERS)
def test_green_means_that_every_mandatory_source_holds_no_record(
    answers: list[SourceAnswer],
) -> None:
    mandatory = [answer.status for answer in answers if answer.mandatory]
    clear = bool(mandatory) and all(status is SourceStatus.NO_RECORD for status in mandatory)
    assert (check_signal([], answers).signal is Signal.GREEN) == clear


@pytest.mark.parametrize(
    ("age", "signal"),
    [
        (0 * HOUR, Signal.GREEN),
        (24 * HOUR, Signal.GREEN),
        (24.01 * HOUR, Signal.AMBER),
        (-1 * HOUR, Signal.AMBER),
    ],
)
def test_an_old_list_or_a_wrong_clock_is_at_best_amber(age: timedelta, signal: Signal) -> None:
    assert offline_signal([], age).signal is signal


def test_a_hit_on_an_old_list_stays_red() -> None:
    assert offline_signal([Found(Basis.EXACT_ID)], 100 * HOUR).signal is Signal.RED
