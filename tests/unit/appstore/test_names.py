"""Names of packages: what a pattern covers, and the order of tracks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appstore.publishers.names import candidates, covers, is_package, is_prefix, meet
from appstore.tracks.order import TRACKS, needs_approver, skipped

PART = st.sampled_from(["cn", "gov", "a", "ab", "b"])
PACKAGES = st.lists(PART, min_size=2, max_size=5).map(".".join)
PATTERNS = st.one_of(PACKAGES, PACKAGES.map(lambda name: f"{name}.*"))


@given(PATTERNS, PATTERNS, PACKAGES)
def test_patterns_that_cover_the_same_package_meet(one: str, other: str, package: str) -> None:
    if covers(one, package) and covers(other, package):
        assert meet(one, other)
    assert meet(one, other) == meet(other, one)
    assert covers(one, package) == (one in candidates(package))


@given(PATTERNS, PATTERNS)
def test_patterns_that_meet_cover_some_package_both(one: str, other: str) -> None:
    longer = max(one, other, key=len).removesuffix(".*")
    both = [name for name in (longer, f"{longer}.x") if covers(one, name) and covers(other, name)]
    assert bool(both) == meet(one, other)


@pytest.mark.parametrize("name", ["cn", "cn.", ".cn.a", "cn.1a", "cn.a-b", "cn.ä", "cn.a\n"])
def test_what_android_refuses_is_no_package(name: str) -> None:
    assert not is_package(name)
    assert not is_prefix(f"{name}.*")


@given(st.sampled_from(TRACKS), st.sets(st.sampled_from(TRACKS)))
def test_only_production_before_the_pilot_needs_an_approver(to: str, been: set[str]) -> None:
    left_out = skipped(to, been)
    assert needs_approver(to, been) == ("pilot" in left_out)
    assert not set(left_out) & been
    assert to not in left_out
