"""The start-up guard tells Muster's own packages from a stranger's of the same name."""

import os
import subprocess
import sys
import time
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from muster.kernel.house import DISTRIBUTION, PACKAGES, ForeignPackageError, assert_own_house


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path, behind our own, into which a stranger may be installed."""
    monkeypatch.syspath_prepend(tmp_path)
    sys.path.append(sys.path.pop(0))
    return tmp_path


def install(site: Path, name: str, **metadata: str) -> None:
    folder = site / f"{name}-0.9.2.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.9.2\n")
    for file, text in metadata.items():
        (folder / file.replace("top_level", "top_level.txt")).write_text(text)


def test_this_installation_is_its_own_house() -> None:
    assert_own_house()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_lists_files_under_our_names(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {DISTRIBUTION}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_stranger_that_lists_files_under_our_name_stops_the_start(
    site: Path,
    package: str,
) -> None:
    install(site, "stranger", RECORD=f"{package}/__init__.py,,\n")
    with pytest.raises(ForeignPackageError, match=rf"'stranger' 0\.9\.2 .* '{package}'"):
        assert_own_house()


def test_a_stranger_is_recognised_by_its_old_style_metadata(site: Path) -> None:
    install(site, "mdm", top_level="mdm\n")
    with pytest.raises(ForeignPackageError, match=r"uninstall 'mdm'"):
        assert_own_house()


def test_a_distribution_with_similar_names_is_no_stranger(site: Path) -> None:
    install(site, "mdm-client", RECORD="mdm_client/__init__.py,,\nother/mdm/__init__.py,,\n")
    assert_own_house()


def test_our_own_wheel_may_list_our_packages(site: Path) -> None:
    install(site, DISTRIBUTION, RECORD="".join(f"{name}/__init__.py,,\n" for name in PACKAGES))
    assert_own_house()


def test_a_package_loaded_from_elsewhere_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "appstore").mkdir()
    (tmp_path / "appstore" / "__init__.py").touch()
    house = Path(__file__).parents[3]
    outcome = subprocess.run(
        [sys.executable, "-c", "from muster.kernel import house; house.assert_own_house()"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{house}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert f"'appstore' was found in {tmp_path / 'appstore'}" in outcome.stderr


def test_the_guard_costs_a_start_next_to_nothing() -> None:
    assert_own_house()
    began = time.process_time()
    assert_own_house()
    assert time.process_time() - began < 0.25
