"""Which terminals a rule takes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mdm.groups.rule import KEYS, Facts, fits
from mdm.groups.schemas import GroupRuleSchema

_WORDS = st.sampled_from(["a", "b", "ab", "XCover 7", "[x]", "ä"])
_VERSIONS = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(lambda n: ".".join(map(str, n)))
_FACTS = st.builds(
    Facts,
    units=st.frozensets(_WORDS),
    model=_WORDS,
    os=_WORDS,
    os_version=st.one_of(st.just(""), _VERSIONS),
    ring=_WORDS,
    device_class=_WORDS,
    ownership=st.sampled_from(["personal", "pooled"]),
    attributes=st.dictionaries(st.sampled_from(["k", "l"]), _WORDS),
)
_SOME = st.lists(_WORDS, min_size=1, max_size=3)
_RULES = st.fixed_dictionaries(
    {},
    optional={
        "unit": _WORDS,
        "model": _SOME,
        "os": _SOME,
        "os_at_least": _VERSIONS,
        "os_at_most": _VERSIONS,
        "ring": _SOME,
        "device_class": _SOME,
        "ownership": st.sampled_from(["personal", "pooled"]),
        "attributes": st.dictionaries(st.sampled_from(["k", "l"]), _WORDS, min_size=1),
    },
)


@given(_RULES, _FACTS)
def test_a_rule_holds_if_every_one_of_its_keys_would_hold_alone(
    rule: dict[str, Any], facts: Facts
) -> None:
    alone = [fits({key: value}, facts) for key, value in rule.items()]
    assert fits(rule, facts) == (bool(rule) and all(alone))


@given(_RULES, _FACTS)
def test_a_further_key_never_takes_more_terminals(rule: dict[str, Any], facts: Facts) -> None:
    for key in list(rule):
        fewer = {name: value for name, value in rule.items() if name != key}
        assert not fits(rule, facts) or not fewer or fits(fewer, facts)


@given(_RULES.filter(bool))
def test_what_the_published_shape_admits_the_decision_knows(rule: dict[str, Any]) -> None:
    loaded = GroupRuleSchema().load(rule)
    assert set(loaded) <= set(KEYS)
    assert GroupRuleSchema().dump(loaded) == rule
    fits(loaded, Facts())


@given(_VERSIONS, _VERSIONS)
def test_a_version_is_at_least_or_at_most_a_bound_and_both_only_within_it(
    version: str, bound: str
) -> None:
    facts = Facts(os_version=version)
    above, below = fits({"os_at_least": bound}, facts), fits({"os_at_most": bound}, facts)
    assert above or below
    if above and below:
        wanted, known = (text.split(".") for text in (bound, version))
        assert [*known, "0", "0", "0"][: len(wanted)] == wanted


def test_models_are_globs_without_case_or_brackets() -> None:
    assert fits({"model": ["sm-g5*"]}, Facts(model="SM-G525F"))
    assert fits({"model": ["x[1]?"]}, Facts(model="X[1]9"))
    assert not fits({"model": ["x[12]9"]}, Facts(model="x19"))
    assert not fits({"model": ["*"]}, Facts())
    assert not fits({}, Facts(units=frozenset({"NORTH"})))
