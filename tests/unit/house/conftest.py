"""Our own source files, as the rules of the house look at them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from muster.kernel.house import PACKAGES

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Source:
    """One file of the six packages."""

    path: Path

    @property
    def module(self) -> str:
        """Dotted name; a package is named by its folder."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def place(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        return len(self.path.read_text().splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    def imports(self) -> Iterator[str]:
        """Every module this file names in an import, wherever it stands; relative ones resolved."""
        package = self.module if self.path.name == "__init__.py" else self.module.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: package.count(".") + 2 - node.level]
                yield ".".join(
                    [*(above if node.level else []), *([node.module] if node.module else [])]
                )


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    """All Python files of the six packages, node's and the migrations' left out."""
    found = [
        Source(path)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if not {"node_modules", "versions"} & set(path.parts)
    ]
    assert len(found) >= len(PACKAGES)
    return found
