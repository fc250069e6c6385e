"""What is wrong with Cedar text is said with its line and column."""

import json

import pytest

from muster.kernel.guard.source import misfits, parse, statements

SCHEMA = json.dumps(
    {
        "": {
            "entityTypes": {
                "P": {"shape": {"type": "Record", "attributes": {"n": {"type": "Long"}}}},
                "T": {"shape": {"type": "Record", "attributes": {"vip": {"type": "Boolean"}}}},
            },
            "actions": {"a": {"appliesTo": {"principalTypes": ["P"], "resourceTypes": ["T"]}}},
        }
    }
)
GOOD = '@id("good") permit (principal, action, resource);'


def flaws(text: str) -> list[tuple[int, int]]:
    parsed, found = parse(text)
    found = found or misfits(text, parsed, SCHEMA)
    return [(flaw.line, flaw.column) for flaw in found]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (GOOD, []),
        ("", []),
        ("// only a remark\n", []),
        (f'{GOOD}\n@id("x") permit (principal,\n  action == resource);', [(3, 13)]),
        ('@id("x")\npermit (principal, action, resource)\nwhen { 1 + };', [(3, 12)]),
        (f"{GOOD}\n\n  permit (principal", [(3, 20)]),
        (f'{GOOD}\n@id("x") forbid (principal, action, resource);;', [(2, 47)]),
        ('@id("x") permit (principal, action, resource)\nwhen { resource.vipp };', [(2, 17)]),
        ('@id("x") permit (principal, action == Action::"b", resource);', [(1, 47), (1, 1)]),
        (
            f'// ; "\n{GOOD}\n@id("a;b") permit (principal, action, resource)\nwhen {{ resource.vip == 3 }};',
            [(3, 1)],
        ),
        ("permit (principal == ?principal, action, resource);", [(1, 1)]),
        ('@id("x") permit (principal, action, resource) when { "a };', [(1, 54)]),
        ("\x00", [(1, 1)]),
    ],
)
def test_a_flaw_is_found_where_it_is(text: str, places: list[tuple[int, int]]) -> None:
    assert flaws(text) == places


def test_what_can_be_read_is_read_beside_what_cannot() -> None:
    parsed, found = parse(
        f'{GOOD}\n@id("x") permit (;\n@id("y") forbid (principal, action, resource);'
    )
    assert [one.id for one in parsed] == ["good", "y"]
    assert [flaw.line for flaw in found] == [2]


def test_a_semicolon_in_a_text_or_remark_ends_nothing() -> None:
    (only,) = statements('// a; b\n@id("c;d")\npermit (principal, action, resource);\n// e;')
    assert only.text.endswith("resource);")


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 5000 + "true" + ")" * 5000,
        " && ".join(["true"] * 5000),
        "if true then " * 3000 + "true" + " else true" * 3000,
        "context" + ".a" * 5000,
    ],
)
def test_nesting_that_would_end_the_process_is_refused_before_it_is_parsed(condition: str) -> None:
    parsed, found = parse(f'@id("x") permit (principal, action, resource) when {{ {condition} }};')
    assert not parsed
    assert "nested too deeply" in found[0].reason
