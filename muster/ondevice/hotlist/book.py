"""Reading the offline hot list."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from muster.ondevice.artefact import Artefact
from muster.ondevice.hotlist.build import FORMAT
from muster.ondevice.hotlist.entries import Category, HotHit, HotListError
from muster.ondevice.hotlist.keys import search_keys
from muster.ondevice.signals import Basis
from muster.ondevice.subjects import Subject

_FIND = """SELECT r.id, r.category, r.action, r.owner_agency, r.as_of
           FROM k0 JOIN record r ON r.id = k0.id WHERE k0.h = ? ORDER BY r.id"""


class HotList:
    """An open list; any thread may ask it. Close it, or use it in a `with` statement."""

    def __init__(self, file: Artefact) -> None:
        self._file = file
        try:
            self.version = file.meta["version"]
            self.as_of = datetime.fromisoformat(file.meta["as_of"])
            self._salt = bytes.fromhex(file.meta["salt"])
        except (KeyError, ValueError) as error:
            file.close()
            raise HotListError(f"{file.path.name} lacks its version, time or salt") from error

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the list at `path`, or raise `HotListError` if it is missing, damaged or foreign."""
        return cls(Artefact(path, FORMAT, HotListError))

    def look_up(self, subject: Subject) -> list[HotHit]:
        """Return each record that fits the subject once, the firmest first."""
        found: dict[str, HotHit] = {}
        for key, basis in search_keys(subject, self._salt).items():
            for row in self._file.rows(_FIND, (key,)):
                found.setdefault(row[0], _hit(row, basis))
        return list(found.values())

    def age(self, now: datetime) -> timedelta:
        """Return how long ago the registers were read; `now` is aware."""
        return now - self.as_of

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _hit(row: tuple[str, str, str, str, str], basis: Basis) -> HotHit:
    record_id, category, action, owner_agency, as_of = row
    moment = datetime.fromisoformat(as_of)
    return HotHit(record_id, Category(category), action, owner_agency, moment, basis)
