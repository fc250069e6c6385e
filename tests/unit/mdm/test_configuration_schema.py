"""The published schema of a document, what is secret in one, and how two of them differ."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta
from marshmallow import ValidationError

from mdm.configuration.changes import changes, leaves
from mdm.configuration.effective import RANK, Layer, merge
from mdm.configuration.json_schema import json_schema, text
from mdm.configuration.keys import BASE, ConfigurationDocument
from mdm.configuration.secrets import MASK, masked

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "reference" / "configuration.schema.json"
WIFI = {"ssid": "Station", "security": "wpa", "password": "correct horse"}
DOCUMENTS: list[dict[str, Any]] = [
    BASE,
    {},
    {"wifi": [WIFI, {"ssid": "Open", "security": "open"}]},
    {"fences": {"geo": [{"name": "City", "lat": 31.2, "lon": 121.5, "radius_m": 500}]}},
    {"fences": {"time": [{"days": [1, 7], "start": "06:00", "end": "22:30"}]}},
    {"camera": "yes"},
    {"password": {"min_length": 2}},
    {"check_in_seconds": 1},
    {"apps": {"blocked": ["not a package"]}},
    {"wifi": [{"ssid": "", "security": "wpa"}]},
    {"wifi": [{"security": "wpa"}]},
    {"updates": {"window_start": "25:00"}},
    {"self_destruct": True},
    {"hints": {"carriers": ["pigeon"]}},
]


def test_the_published_schema_is_the_one_of_the_keys() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == text(), "muster configuration-schema FILE"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_schema_and_the_server_agree(document: dict[str, Any]) -> None:
    schema = json_schema()
    assert meta.is_valid(schema)
    try:
        ConfigurationDocument().load(document)
        accepted = True
    except ValidationError:
        accepted = False
    assert Draft202012Validator(schema).is_valid(document) is accepted


def test_every_key_says_what_it_means() -> None:
    def mute(node: dict[str, Any], path: str = "") -> list[str]:
        items = node.get("items", {})
        inner = {**node.get("properties", {}), **items.get("properties", {})}
        below = [gap for name, each in inner.items() for gap in mute(each, f"{path}.{name}")]
        return below if node.get("description") else [path, *below]

    assert mute(json_schema()) == []


def rows(node: dict[str, Any], path: str = "") -> Iterator[str]:
    """The lines of the table of keys, as the page for device admins must have them."""
    for name, each in node["properties"].items():
        key = f"{path}.{name}".strip(".")
        if "properties" in each:
            yield from rows(each, key)
            continue
        built_in = f"`{json.dumps(each['default'])}`" if "default" in each else "none"
        yield f"| `{key}` | {each['description']} | {values(each)} | {built_in} |"


def values(node: dict[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(f"`{one}`" for one in node["enum"])
    if "minimum" in node:
        return f"{node['minimum']} to {node['maximum']}"
    if node["type"] == "array":
        inner = node["items"]
        of = ", ".join(f"`{name}`" for name in inner.get("properties", {})) or values(inner)
        return f"list of {of}"
    if node["type"] == "boolean":
        return "true, false"
    return "`HH:MM`" if "[0-5]" in node.get("pattern", "") else "text"


def test_the_page_for_device_admins_says_what_every_key_takes() -> None:
    page = (ROOT / "docs" / "device-admins.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in rows(json_schema()) if row not in page] == []


def test_a_password_is_hidden_wherever_it_stands_and_nothing_else_is() -> None:
    document = {"wifi": [WIFI], "camera": False, "password": {"min_length": 8}}
    hidden = masked(document)
    assert hidden == {**document, "wifi": [{**WIFI, "password": MASK}]}
    assert document["wifi"] == [WIFI], "the document itself is left alone"
    (change,) = changes({"wifi": [WIFI]}, {"wifi": [{**WIFI, "password": "another horse"}]})
    assert "horse" not in str(change)
    with pytest.raises(ValidationError):
        ConfigurationDocument().load(hidden)


KEYS = st.sampled_from(["a", "b", "c"])
FLAT = st.recursive(
    st.dictionaries(KEYS, st.integers(0, 3), max_size=3),
    lambda inner: st.dictionaries(KEYS, inner | st.integers(0, 3), max_size=3),
    max_leaves=6,
)


@given(FLAT, FLAT)
def test_changes_lead_from_one_document_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    reached = leaves(before)
    for change in changes(before, after):
        if change.kind == "removed":
            assert reached.pop(change.key) == change.before
        else:
            assert reached.get(change.key) == change.before
            reached[change.key] = change.after
    assert reached == leaves(after)


@given(st.permutations(list(RANK)))
def test_each_rank_overrules_those_below_it_and_is_named(kinds: list[str]) -> None:
    layers = [Layer(kind, kind, {"log_level": kind, kind: True}) for kind in kinds]
    effective = merge(layers)
    assert effective.values["log_level"] == effective.provenance["log_level"] == "incident"
    assert [effective.provenance[kind] for kind in RANK] == list(RANK)
