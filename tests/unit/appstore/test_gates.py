"""A health gate never speaks too early, and worse figures never make it milder."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appstore.rollouts.gates import DEFAULTS, Figures, Gate, over

COUNT = st.integers(0, 200)
PERCENT = st.integers(0, 100)
GATES = st.builds(
    Gate, min_reports=st.integers(1, 50), failed_percent=PERCENT, crash_percent=PERCENT
)
FIGURES = st.builds(
    Figures, installed=COUNT, failed=COUNT, crashed=COUNT, before=COUNT, before_crashed=COUNT
)


@given(GATES, FIGURES)
def test_nothing_is_halted_before_enough_terminals_have_reported(
    gate: Gate, figures: Figures
) -> None:
    if figures.reports < gate.min_reports:
        assert over(gate, figures) == ""


@given(GATES, FIGURES, st.integers(1, 50))
def test_more_failures_and_more_crashes_never_lift_a_halt(
    gate: Gate, figures: Figures, more: int
) -> None:
    if over(gate, figures):
        assert over(gate, replace(figures, failed=figures.failed + more))
        assert over(gate, replace(figures, crashed=figures.crashed + more))


@given(GATES, FIGURES)
def test_limits_of_a_hundred_percent_never_halt(gate: Gate, figures: Figures) -> None:
    assert over(replace(gate, failed_percent=100, crash_percent=100), figures) == ""


def test_the_gate_compares_crashes_with_the_version_before() -> None:
    same = Figures(installed=10, crashed=3, before=10, before_crashed=3)
    assert over(DEFAULTS, same) == ""
    assert over(DEFAULTS, replace(same, before_crashed=0)) == "crash_percent"
    assert over(DEFAULTS, Figures(installed=7, failed=2)) == "failed_percent"
    assert over(Gate.of({"failed_percent": 50}), Figures(installed=7, failed=2)) == ""
