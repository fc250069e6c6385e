"""Refuses to start when another distribution has moved into one of our six package names.

``mdm``, ``appstore`` and ``muster`` are also names of foreign distributions on the public
index. Installing one of them beside Muster overwrites our files without a word from pip, and
uninstalling it deletes them (ADR 0007).
"""

from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from importlib.util import find_spec
from pathlib import Path

DISTRIBUTION = "passmuster"
PACKAGES = ("muster", "mdm", "offline_sync", "appstore", "mobile_api", "admin_ui")


class ForeignPackageError(RuntimeError):
    """One of our package names is missing, loaded from elsewhere, or shared with others."""


def assert_own_house() -> None:
    """Check that all six packages are ours alone.

    A checkout, an editable install and a wheel all pass: the packages must lie side by side in
    one folder, and no distribution but ours may list files under their names. Raises
    ``ForeignPackageError``, naming the package, the intruder and the way out.
    """
    root = _folder_of("muster").parent
    for package in PACKAGES:
        folder = _folder_of(package)
        if folder.parent != root:
            raise ForeignPackageError(
                f"The package {package!r} was found in {folder}, but Muster's own lies in {root}. "
                "Another project of that name comes first on the path: run Muster in a virtual "
                "environment or container of its own.",
            )
    for package, intruder in _intruders():
        raise ForeignPackageError(
            f"The distribution {intruder.name!r} {intruder.version} has installed files into the "
            f"package {package!r}, which is Muster's. Run Muster in a virtual environment or "
            f"container of its own: uninstall {intruder.name!r}, then reinstall "
            f"{DISTRIBUTION!r}, because the uninstall may have taken Muster's files with it.",
        )


def _folder_of(package: str) -> Path:
    """The resolved folder a top-level package is loaded from."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ForeignPackageError(
            f"The package {package!r} is missing or incomplete: reinstall {DISTRIBUTION!r}.",
        )
    return Path(spec.origin).resolve().parent


def _intruders() -> Iterator[tuple[str, Distribution]]:
    """Foreign distributions with files under our names, read from their lists of files.

    ``packages_distributions()`` answers the same, but parses each line of each list; this is
    called at every start, so it only searches the text.
    """
    for distribution in distributions():
        listed = f"\n{distribution.read_text('RECORD') or ''}"
        named = (distribution.read_text("top_level.txt") or "").split()
        for package in PACKAGES:
            taken = package in named or f"\n{package}/" in listed or f"\n{package}.py," in listed
            if taken and distribution.name != DISTRIBUTION:
                yield package, distribution
