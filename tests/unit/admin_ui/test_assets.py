"""The built assets: complete, unaltered, licensed, and locked without naming a registry."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3] / "admin_ui"
DIST = ROOT / "static" / "dist"
MANIFEST = json.loads((DIST / "manifest.json").read_text("utf-8"))


@pytest.mark.parametrize("name", MANIFEST)
def test_a_file_is_named_after_its_content(name: str) -> None:
    digest = hashlib.sha256((DIST / MANIFEST[name]).read_bytes()).hexdigest()
    stem, suffix = name.split(".")
    assert MANIFEST[name] == f"{stem}.{digest[:10]}.{suffix}"


def test_nothing_lies_about_that_no_page_asks_for() -> None:
    assert {path.name for path in DIST.iterdir()} == {
        *MANIFEST.values(),
        "manifest.json",
        "LICENSES.txt",
    }


def test_the_licences_of_what_we_ship_travel_with_it() -> None:
    text = (DIST / "LICENSES.txt").read_text("utf-8")
    for name in ("bootstrap", "htmx.org", "@tabler/icons"):
        assert name in text


def test_the_lock_pins_by_hash_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text("utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert packages
    for entry in packages.values():
        assert "resolved" not in entry
        assert entry["integrity"].startswith("sha512-")
