"""How layers of configuration become one document."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mdm.configuration.effective import RANK, Layer, merge
from mdm.configuration.keys import BASE, ConfigurationDocument
from muster.ondevice.canonical import content_hash

KEYS = st.sampled_from(["a", "b", "c"])
LEAVES = st.one_of(st.integers(0, 9), st.booleans(), st.lists(st.integers(0, 3), max_size=2))
DOCUMENTS = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(LEAVES, inner), max_size=3),
    max_leaves=8,
)


@st.composite
def stacks(draw: st.DrawFn) -> list[Layer]:
    """Some layers, each at a rank of its own, in any order."""
    places = draw(
        st.lists(st.tuples(st.sampled_from(list(RANK)), st.integers(0, 2)), unique=True, max_size=6)
    )
    return [Layer(kind, f"{kind} {depth}", draw(DOCUMENTS), depth) for kind, depth in places]


def leaves(document: dict[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in document.items():
        if isinstance(value, dict):
            found |= leaves(value, f"{path}{key}.")
        else:
            found[path + key] = value
    return found


@given(stacks(), st.randoms())
def test_the_order_in_which_layers_come_changes_nothing(layers: list[Layer], random: Any) -> None:
    shuffled = list(layers)
    random.shuffle(shuffled)
    assert merge(shuffled) == merge(layers)


@given(stacks())
def test_provenance_names_the_layer_that_gave_each_value(layers: list[Layer]) -> None:
    effective = merge(layers)
    by_name = {layer.name: leaves(dict(layer.document)) for layer in layers}
    values = leaves(effective.values)
    assert values.keys() == effective.provenance.keys()
    for place, name in effective.provenance.items():
        assert by_name[name][place] == values[place]


@given(stacks())
def test_the_highest_layer_is_never_overruled(layers: list[Layer]) -> None:
    if not layers:
        return
    top = max(layers, key=lambda layer: (RANK[layer.kind], layer.depth))
    values = leaves(merge(layers).values)
    assert leaves(dict(top.document)).items() <= values.items()


@given(stacks())
def test_merging_leaves_the_layers_alone_and_repeats_itself(layers: list[Layer]) -> None:
    before = [content_hash(layer.document) for layer in layers]
    first, second = merge(layers), merge(layers)
    assert first == second
    assert [content_hash(layer.document) for layer in layers] == before


@given(DOCUMENTS)
def test_the_hash_does_not_depend_on_the_order_of_keys(document: dict[str, Any]) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return value

    forward = merge([Layer("unit", "unit N", document)]).values
    backward = merge([Layer("unit", "unit N", turned(document))]).values
    assert content_hash(forward) == content_hash(backward)


def test_a_list_is_taken_whole_from_the_highest_layer() -> None:
    lower = Layer("organisation", "organisation", {"apps": {"blocked": ["a.b"], "allowed": []}})
    upper = Layer("device", "device", {"apps": {"blocked": ["c.d"]}})
    effective = merge([upper, lower])
    assert effective.values == {"apps": {"blocked": ["c.d"], "allowed": []}}
    assert effective.provenance == {"apps.blocked": "device", "apps.allowed": "organisation"}


def test_an_incident_overrules_the_terminals_own_layer() -> None:
    layers = [
        Layer("incident", "incident", {"camera": False}),
        Layer("device", "device", {"camera": True}),
    ]
    assert merge(layers).values == {"camera": False}


def test_the_built_in_base_is_a_valid_document() -> None:
    assert ConfigurationDocument().validate(BASE) == {}
