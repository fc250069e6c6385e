"""The house stays tidy: short files, rooms with names, tables with owners."""

import ast
import importlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from muster.kernel.house import PACKAGES

LONGEST = 400
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
OWNERS = {
    "muster": "kern_",
    "mdm": "mdm_",
    "offline_sync": "sync_",
    "appstore": "app_",
    "mobile_api": "field_",
}


def test_no_file_grows_past_400_lines(sources: list[Any]) -> None:
    assert [(source.place, source.lines) for source in sources if source.lines > LONGEST] == []


def test_every_room_has_a_name_that_says_what_is_in_it(root: Path, sources: list[Any]) -> None:
    ours = [source.path for source in sources]
    others = [path for folder in ("tests", "bench") for path in (root / folder).rglob("*.py")]
    nameless = [
        str(path.relative_to(root))
        for path in [*ours, *others]
        if NAMELESS & {path.stem, *path.relative_to(root).parts}
    ]
    assert nameless == []


def test_every_package_says_what_lives_in_it(sources: list[Any]) -> None:
    silent = [
        source.place
        for source in sources
        if source.path.name == "__init__.py" and not ast.get_docstring(source.tree)
    ]
    assert silent == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_typed_for_its_neighbours(root: Path, package: str) -> None:
    assert (root / package / "py.typed").is_file()


def test_every_table_carries_its_owners_prefix(sources: list[Any]) -> None:
    rooms = [source.module for source in sources if "models" in source.module.split(".")]
    tables = {
        (module, table.name)
        for module in rooms
        for value in vars(importlib.import_module(module)).values()
        if isinstance(table := getattr(value, "__table__", value), Table)
        if getattr(value, "__module__", module) == module
    }
    strays = {
        (module, table)
        for module, table in tables
        if not table.startswith(OWNERS.get(module.partition(".")[0], "no tables here"))
    }
    assert tables
    assert strays == set()
