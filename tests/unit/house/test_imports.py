"""Doors and floors that the import linter cannot express, or would pass over in silence."""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from muster.kernel.house import PACKAGES

FLASK = {"flask", "flask_smorest"}
FLASK_ROOMS = ("muster.kernel.web", "muster.server", "admin_ui")
ROOF = ("muster.server", "muster.migrations")


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def house_of(module: str) -> str:
    """The package that owns a module: ``mdm``, ``muster.kernel``, ``muster.ondevice``, ..."""
    return ".".join(module.split(".")[: 2 if module.startswith("muster.") else 1])


def front_door(module: str) -> str:
    """The part of a module's name that a neighbour may import: a feature, no room in it."""
    return ".".join(module.split(".")[: house_of(module).count(".") + 2])


def is_neighbour(importer: str, imported: str) -> bool:
    """Whether an import leaves its package for another of ours."""
    ours = imported.partition(".")[0] in PACKAGES
    return ours and house_of(importer) != house_of(imported)


def test_flask_stays_at_the_edge(sources: list[Any]) -> None:
    strays = {
        (source.place, name)
        for source in sources
        for name in source.imports()
        if name.partition(".")[0] in FLASK
        and not within(source.module, FLASK_ROOMS)
        and "routes" not in source.module.split(".")
    }
    assert strays == set()


def test_terminals_compute_with_the_standard_library_and_rapidfuzz_only(sources: list[Any]) -> None:
    allowed = {*sys.stdlib_module_names, "rapidfuzz"}
    strays = {
        (source.place, name)
        for source in sources
        if within(source.module, ("muster.ondevice",))
        for name in source.imports()
        if name.partition(".")[0] not in allowed and not within(name, ("muster.ondevice",))
    }
    assert strays == set()


def test_neighbours_come_in_by_the_front_door(sources: list[Any]) -> None:
    burglars = {
        (source.place, name)
        for source in sources
        if not within(source.module, ROOF)
        for name in source.imports()
        if is_neighbour(source.module, name) and name != front_door(name)
    }
    assert burglars == set()


def contracts(root: Path) -> list[str]:
    with (root / "pyproject.toml").open("rb") as file:
        written = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return sorted({name for each in written for name in each.get("source_modules", [])})


def test_every_module_named_in_a_contract_exists(root: Path, sources: list[Any]) -> None:
    modules = [source.module for source in sources]
    unmatched = [name for name in contracts(root) if not any(map(pattern(name).fullmatch, modules))]
    assert unmatched == []


def pattern(name: str) -> re.Pattern[str]:
    """The import linter's wildcards: ``*`` is one step of a module's name, ``**`` is any number."""
    wild = re.escape(name).replace(r"\*\*", r"[\w.]+").replace(r"\*", r"\w+")
    return re.compile(wild)


@pytest.mark.parametrize(
    ("importer", "imported", "door"),
    [
        ("appstore.rollouts.service", "mdm.groups", "mdm.groups"),
        ("appstore.rollouts.service", "mdm.groups.models", "mdm.groups"),
        ("mdm.commands.service", "muster.kernel.guard.decide", "muster.kernel.guard"),
        ("muster.handheld.checks", "muster.ondevice.datum", "muster.ondevice.datum"),
    ],
)
def test_the_front_door_is_the_feature(importer: str, imported: str, door: str) -> None:
    assert is_neighbour(importer, imported)
    assert front_door(imported) == door


def test_rooms_of_one_package_are_no_neighbours() -> None:
    assert not is_neighbour("muster.kernel.uow", "muster.kernel.audit.entry")
    assert not is_neighbour("mdm.commands.service", "mdm.groups.models")
    assert not is_neighbour("mdm.commands.service", "sqlalchemy.orm")
