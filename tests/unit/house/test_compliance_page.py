"""The page on compliance tells the truth: each control names a test that is there, each fact is one."""

import re
from pathlib import Path

from mdm.compliance import CONSEQUENCES, FACTS
from mdm.devices import CLASSES
from tests.unit.house.test_security_model import tables

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "protocols" / "compliance.md").read_text(encoding="utf-8")
CONTROLS = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi"]


def table(first: str) -> list[list[str]]:
    return next(rows[1:] for rows in tables(PAGE) if rows[0][0] == first)


def test_each_of_the_eleven_controls_names_a_test_that_is_there() -> None:
    rows = table("control")
    assert [row[0].split()[0] for row in rows] == CONTROLS
    for _control, by, test in rows:
        assert by
        path, _, name = test.strip("`").partition("::")
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), test


def test_every_fact_action_and_class_is_explained() -> None:
    explained = {name for row in table("fact") for name in re.findall(r"`(\w+)`", row[0])}
    assert explained == set(FACTS)
    assert [row[0].strip("`") for row in table("action")] == list(CONSEQUENCES)
    assert ", ".join(CLASSES) in PAGE
