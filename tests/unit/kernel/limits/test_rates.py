"""Rates let a burst through, then one at a time, and say how long to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.limits import Limits, MemoryRates, SharedRates, TooManyRequests


class Clock:
    """Time that a test sets; only its seconds are asked for."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> "Clock":
        return self

    def timestamp(self) -> float:
        return self.seconds


@pytest.fixture(params=["memory", "shared"])
def rates(request, bare):
    if request.param == "memory":
        return MemoryRates(bare.clock)
    return SharedRates(bare.db, bare.clock)


def test_a_burst_passes_and_the_next_waits_its_turn(bare, rates):
    assert [rates.take("sign_in", "10.0.0.1", 3, 60) for _ in range(3)] == [0, 0, 0]
    assert rates.take("sign_in", "10.0.0.1", 3, 60) == pytest.approx(20)
    bare.clock.advance(seconds=20)
    assert rates.take("sign_in", "10.0.0.1", 3, 60) == 0
    assert rates.take("sign_in", "10.0.0.1", 3, 60) > 0


def test_a_refused_request_costs_nothing(bare, rates):
    for _ in range(20):
        rates.take("sign_in", "a", 1, 10)
    bare.clock.advance(seconds=10)
    assert rates.take("sign_in", "a", 1, 10) == 0


def test_keys_and_names_do_not_share_a_bucket(rates):
    assert rates.take("sign_in", "a", 1, 60) == 0
    assert rates.take("sign_in", "b", 1, 60) == 0
    assert rates.take("search", "a", 1, 60) == 0
    assert rates.take("sign_in", "a", 1, 60) > 0


def test_two_processes_share_the_shared_buckets(bare, another):
    here, there = SharedRates(bare.db, bare.clock), SharedRates(another().db, bare.clock)
    assert here.take("sign_in", "a", 1, 60) == 0
    assert there.take("sign_in", "a", 1, 60) > 0


def test_memory_forgets_the_longest_untouched_key_when_full(bare):
    rates = MemoryRates(bare.clock, bound=2)
    for key in ("a", "b", "c"):
        rates.take("x", key, 1, 60)
    assert rates.take("x", "c", 1, 60) > 0
    assert rates.take("x", "a", 1, 60) == 0


def test_too_many_requests_says_when_to_come_back(bare):
    limits = Limits(bare.db, shared=False, clock=bare.clock)
    limits.hit("sign_in", "a", 1, 90)
    with pytest.raises(TooManyRequests) as refusal:
        limits.hit("sign_in", "a", 1, 90)
    assert refusal.value.status == 429
    assert refusal.value.headers == {"Retry-After": "90"}


@given(
    limit=st.integers(1, 20),
    per_seconds=st.integers(1, 3600),
    pauses=st.lists(st.floats(0, 500), max_size=60),
)
def test_no_window_lets_more_through_than_the_burst_and_the_refill(limit, per_seconds, pauses):
    clock = Clock()
    rates = MemoryRates(clock)
    start, passed = clock.seconds, 0
    for pause in pauses:
        clock.seconds += pause
        passed += rates.take("x", "a", limit, per_seconds) == 0
    allowed = limit + (clock.seconds - start) * limit / per_seconds
    assert passed <= allowed + 1e-3


@given(limit=st.integers(1, 20), per_seconds=st.integers(1, 3600), hits=st.integers(1, 50))
def test_whoever_waits_as_told_gets_through(limit, per_seconds, hits):
    clock = Clock()
    rates = MemoryRates(clock)
    wait = 0.0
    for _ in range(hits):
        wait = rates.take("x", "a", limit, per_seconds)
    clock.seconds += wait + 1e-3
    assert rates.take("x", "a", limit, per_seconds) == 0 or wait == 0
