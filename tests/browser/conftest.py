"""Headless Chromium; where there is none these tests stay out, but never in CI."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import npm

CHROMIUM = Path("/usr/bin/chromium")
ASSETS = Path(__file__).parents[2] / "admin_ui" / "assets"
AXE = ASSETS / "node_modules" / "axe-core" / "axe.min.js"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    driven = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in driven:
        item.add_marker("browser")
    if driven and not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            raise pytest.UsageError(f"{CHROMIUM} is missing: nothing is skipped in CI")
        items[:] = [item for item in items if item not in driven]
        config.hook.pytest_deselected(items=driven)


@pytest.fixture(scope="package")
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture(scope="package")
def axe() -> str:
    """The source of axe-core, at the version that the assets' lock pins."""
    npm.install(ASSETS)
    return AXE.read_text("utf-8")
