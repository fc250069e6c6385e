"""A list of packages kept by deltas is the terminal's own, or the terminal is asked for all of it."""

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mdm.telemetry.software import difference, take_delta, take_full
from muster.ondevice.canonical import content_hash

NAMES = st.sampled_from([f"org.app{n}" for n in range(6)])
PACKAGES = st.dictionaries(
    NAMES, st.builds(lambda code: {"version_code": code, "version": ""}, st.integers(0, 3))
)


def delta(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    changed = {name: package for name, package in after.items() if before.get(name) != package}
    gone = [name for name in before if name not in after]
    return {"base": content_hash(before), "changed": changed, "removed": gone}


@given(st.lists(PACKAGES, min_size=1, max_size=6), st.data())
def test_reports_lost_doubled_or_late_never_leave_a_wrong_list_unnoticed(
    states: list[dict[str, Any]], data: st.DataObject
) -> None:
    """The terminal sends one delta per state; any of them comes zero to two times, in any order."""
    sent = [delta(before, after) for before, after in itertools.pairwise(states)]
    arriving = data.draw(st.lists(st.sampled_from(sent), max_size=12)) if sent else []
    held = take_full(states[0]).software
    for one in arriving:
        taken = take_delta(held, one["base"], one["changed"], one["removed"])
        assert taken.software in states
        assert taken.resync == (content_hash(held) != one["base"])
        held = taken.software
    assert take_full(states[-1]).software == states[-1]


@given(PACKAGES, PACKAGES)
def test_the_difference_names_every_package_that_changed_once(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    told = difference(before, after)
    named = [name for names in told.values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) == {n for n in before | after if before.get(n) != after.get(n)}
