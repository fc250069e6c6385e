"""Files being written: on the local disk, aside from the objects, gone when they are in place."""

from datetime import UTC, datetime
from pathlib import Path

from muster.kernel.ids import uuid7


class Staging:
    """A folder of half-written files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def new(self) -> Path:
        """Make an empty file with a name of its own."""
        path = self._folder / uuid7().hex
        path.touch(exist_ok=False)
        return path

    def tidy(self, older_than: datetime) -> None:
        """Remove what a killed process left behind."""
        for path in self._folder.iterdir():
            if written_at(path) < older_than:
                path.unlink(missing_ok=True)


def written_at(path: Path) -> datetime:
    """Return when a file was last written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
