"""Values fit what an app declares, and lie over each other group by group, whatever they are."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appstore.managed_configs.layers import Spoken, lay
from appstore.managed_configs.restrictions import MOST_BYTES, faults, unfit

CHOICES = [{"value": "day", "label": "Day"}, {"value": "night", "label": "Night"}]
PLAIN: list[dict[str, Any]] = [
    {"key": "server/url", "type": "string"},
    {"key": "hint", "type": "hidden"},
    {"key": "offline", "type": "bool"},
    {"key": "days", "type": "integer"},
    {"key": "theme", "type": "choice", "choices": CHOICES},
    {"key": "views", "type": "multi-select", "choices": CHOICES},
]
DECLARED: list[dict[str, Any]] = [
    *PLAIN,
    {"key": "proxy", "type": "bundle", "nested": PLAIN},
    {
        "key": "sites",
        "type": "bundle_array",
        "nested": [{"key": "site", "type": "bundle", "nested": PLAIN}],
    },
]
A, B = (UUID(int=number) for number in (1, 2))

words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
shifts = st.sampled_from(["day", "night"])
PLAIN_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "server/url": words,
    "hint": words,
    "offline": st.booleans(),
    "days": st.integers(-(2**31), 2**31 - 1),
    "theme": shifts,
    "views": st.lists(shifts, unique=True),
}
plain = st.fixed_dictionaries({}, optional=PLAIN_VALUES)
fitting = st.fixed_dictionaries(
    {}, optional={**PLAIN_VALUES, "proxy": plain, "sites": st.lists(plain, max_size=3)}
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(fitting)
def test_what_is_declared_fits(values: dict[str, Any]) -> None:
    assert faults(DECLARED, values, "/values") == []
    assert unfit(DECLARED, values) == []


@given(st.dictionaries(st.sampled_from([one["key"] for one in DECLARED]) | words, anything))
def test_what_does_not_fit_is_pointed_at_and_left_out_whole(values: dict[str, Any]) -> None:
    wrong = {fault.pointer.split("/")[2] for fault in faults(DECLARED, values, "/values")}
    left_out = unfit(DECLARED, values)
    if len(wrong) < 50:
        assert {key.replace("~", "~0").replace("/", "~1") for key in left_out} == wrong
    kept = {key: value for key, value in values.items() if key not in left_out}
    assert faults(DECLARED, kept) == []


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"server/url": 7}, "/server~1url"),
        ({"server/url": "a\x00b"}, "/server~1url"),
        ({"server/url": "\ud800"}, "/server~1url"),
        ({"days": True}, "/days"),
        ({"days": 2**31}, "/days"),
        ({"days": float("nan")}, "/days"),
        ({"offline": 1}, "/offline"),
        ({"theme": "dusk"}, "/theme"),
        ({"views": ["day", "day"]}, "/views/1"),
        ({"views": [["day"]]}, "/views/0"),
        ({"proxy": {"days": "3"}}, "/proxy/days"),
        ({"sites": [{}, {"colour": "red"}]}, "/sites/1/colour"),
        ({"sites": [{}] * 201}, "/sites"),
        ({"colour": "red"}, "/colour"),
        ({"hint": "é" * (MOST_BYTES // 2)}, ""),
    ],
)
def test_a_wrong_value_is_named_by_its_place(values: dict[str, Any], pointer: str) -> None:
    assert [fault.pointer for fault in faults(DECLARED, values)] == [pointer]


def test_of_groups_the_higher_priority_wins_then_the_younger_and_everybody_lies_below() -> None:
    everybody = Spoken({"url": "all", "days": 1, "proxy": {"host": "p", "port": 1}})
    high = Spoken({"url": "a", "proxy": {"port": 2}}, group_id=A, priority=5, group="pilot")
    low = Spoken({"url": "b", "days": 3}, group_id=B, group="bikes")
    for order in ([everybody, high, low], [low, high, everybody]):
        assert lay(order, [], None)[0].values == everybody.document
        effective, left_out = lay(order, [A, B], None)
        assert effective.values == {"url": "a", "days": 3, "proxy": {"host": "p", "port": 2}}
        assert effective.provenance["url"] == "pilot"
        assert effective.provenance["proxy.host"] == "everybody"
        assert left_out == []
    younger = Spoken({"url": "c"}, group_id=B, priority=5)
    assert lay([younger, high], [A, B], None)[0].values["url"] == "c"


def test_a_version_is_not_told_what_it_does_not_take() -> None:
    below = Spoken({"url": "all", "days": 1}, {"1": [], "2": []})
    above = Spoken({"url": "x", "mode": "y"}, {"1": ["mode"], "2": ["url"]}, A, 0, "pilot")
    for code, values, left_out in (
        (1, {"url": "x", "days": 1}, ["mode"]),
        (2, {"url": "all", "days": 1, "mode": "y"}, ["url"]),
        (None, {"url": "all", "days": 1, "mode": "y"}, ["url"]),
        (7, {"url": "x", "days": 1, "mode": "y"}, []),
    ):
        effective, dropped = lay([below, above], [A], code)
        assert (effective.values, dropped) == (values, left_out)
