"""A wearable stands no better than the terminal that it belongs to, whatever it proved of itself."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.identity.tether import Standing, fails, together

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(hours=24)
STANDINGS = st.builds(
    Standing,
    state=st.sampled_from(["enrolled", "lost", "wiped", "retired"]),
    tier=st.integers(0, 3),
    posture_at=st.none() | st.integers(0, 100).map(lambda hours: NOW - timedelta(hours=hours)),
)


@given(STANDINGS, STANDINGS)
def test_the_worse_of_both_counts(own: Standing, parent: Standing) -> None:
    both = together(own, parent)
    assert both.tier <= min(own.tier, parent.tier)
    assert (both.state == "enrolled") is (own.state == parent.state == "enrolled")
    reported = [own.posture_at, parent.posture_at]
    assert both.posture_at == (None if None in reported else min(filter(None, reported)))
    if fails(parent, NOW, DAY) or fails(own, NOW, DAY):
        assert fails(both, NOW, DAY), "a parent or a child that fails closes the child"
    else:
        assert not fails(both, NOW, DAY)
