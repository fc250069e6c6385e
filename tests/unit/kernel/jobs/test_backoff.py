"""Waiting grows, is bounded, and spreads what failed together."""

from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.jobs.backoff import FIRST, LONGEST, delay

attempts = st.integers(1, 10_000)
spread = st.floats(0, 1, exclude_max=True)


@given(attempts, spread)
def test_the_wait_stays_between_half_of_the_first_and_the_longest(n, s):
    assert FIRST / 2 <= delay(n, s) <= LONGEST


@given(attempts, spread)
def test_the_wait_never_shrinks_with_further_attempts(n, s):
    assert delay(n, s) <= delay(n + 1, s)


@given(attempts)
def test_jobs_that_failed_together_return_apart(n):
    assert delay(n, 0.0) < delay(n, 0.5) < delay(n, 0.999)
