"""Reading the address book: search as it is typed, nearest addresses, one address."""

import json
from pathlib import Path
from typing import Self

from muster.ondevice.addresses.build import FORMAT
from muster.ondevice.addresses.geometry import Point, box_around, distance_m, reach_m
from muster.ondevice.addresses.model import Address, AddressError, AddressHit
from muster.ondevice.addresses.query import read_query
from muster.ondevice.addresses.rank import ranked
from muster.ondevice.addresses.recall import candidates
from muster.ondevice.addresses.tokens import Tokeniser
from muster.ondevice.addresses.vocabulary import Vocabulary
from muster.ondevice.artefact import Artefact, Row

_LONGEST_QUERY = 200
_MOST_HITS = 100
_FIRST_HALF_SIDE = 0.0015  # degrees: about 170 m, enough for ten addresses in a town
_WHOLE_WORLD = 720.0  # twice around, so the last box holds everything

_ADDRESS = "a.id, a.txt, a.lon, a.lat, a.level, a.std_code, a.aliases, a.parts"
_BY_ID = f"SELECT {_ADDRESS} FROM a WHERE a.id = ?"  # noqa: S608 - constant
_BY_NUMBER = f"SELECT {_ADDRESS} FROM a WHERE a.n = ?"  # noqa: S608 - constant
# R*Tree keeps 32-bit floats, rounded outwards: it finds a few rows too many and never too few.
_IN_BOX = """SELECT a.n, a.lon, a.lat FROM r JOIN a ON a.n = r.n
             WHERE r.x1 >= ? AND r.x0 <= ? AND r.y1 >= ? AND r.y0 <= ?"""


class AddressBook:
    """An open book; any thread may ask it. Close it, or use it in a `with` statement."""

    def __init__(self, path: Path) -> None:
        """Open the book, or raise `AddressError` if it is missing, damaged or foreign."""
        self._file = Artefact(path, FORMAT, AddressError)
        try:
            self.version = self._file.meta["version"]
            self.rows = int(self._file.meta["rows"])
            self._cut = Tokeniser(json.loads(self._file.meta["home_names"]))
        except (KeyError, ValueError) as error:
            self.close()
            raise AddressError(f"{path.name} lacks its version, size or home names") from error
        self._vocabulary = Vocabulary(self._file)

    def search(self, q: str, *, near: Point | None = None, limit: int = 10) -> list[AddressHit]:
        """Return the addresses most likely meant by what was typed so far, the best first.

        `near` is (lon, lat) in WGS-84: of equal texts the nearer comes first. A query without a
        letter or digit, or with nothing but home names, finds nothing.
        """
        _require_limit(limit)
        if near is not None:
            _require_position(near)
        if len(q) > _LONGEST_QUERY:
            raise AddressError(f"an address query has at most {_LONGEST_QUERY} characters")
        query = read_query(q, self._cut, self._vocabulary)
        pool = candidates(self._file, self._vocabulary, query, near)
        best = ranked(pool, query, self.rows, near, limit)
        return [self._hit(row[0], score, near) for score, row in best]

    def nearest(self, lon: float, lat: float, limit: int = 10) -> list[AddressHit]:
        """Return the addresses nearest to a WGS-84 position, with their distances.

        The box is doubled until it is sure to hold them. It does not reach across the 180th
        meridian.
        """
        _require_limit(limit)
        _require_position((lon, lat))
        half_side, wanted = _FIRST_HALF_SIDE, min(limit, self.rows)
        while half_side < _WHOLE_WORLD:
            found = self._within((lon, lat), half_side)[:wanted]
            if len(found) == wanted and all(d <= reach_m((lon, lat), half_side) for d, _ in found):
                break
            half_side *= 2
        return [self._hit(n, 1.0, (lon, lat)) for _, n in found]

    def get(self, address_id: str) -> Address | None:
        """Return the address with this id, or None."""
        found = self._file.rows(_BY_ID, (address_id,))
        return _address(found[0]) if found else None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _within(self, centre: Point, half_side: float) -> list[tuple[float, int]]:
        found = self._file.rows(_IN_BOX, box_around(centre, half_side))
        return sorted((distance_m(centre, (lon, lat)), n) for n, lon, lat in found)

    def _hit(self, number: int, score: float, near: Point | None) -> AddressHit:
        address = _address(self._file.rows(_BY_NUMBER, (number,))[0])
        metres = distance_m(near, (address.lon, address.lat)) if near else None
        return AddressHit(address, score, metres)


def _address(row: Row) -> Address:
    id_, text, lon, lat, level, std_code, aliases, parts = row
    written = tuple(json.loads(aliases or "[]"))
    return Address(id_, text, lon, lat, level, std_code, written, json.loads(parts or "{}"))


def _require_limit(limit: int) -> None:
    if not 1 <= limit <= _MOST_HITS:
        raise AddressError(f"limit is 1 to {_MOST_HITS}, not {limit}")


def _require_position(place: Point) -> None:
    # A NaN fails both comparisons, so it is refused as well.
    if not (abs(place[0]) <= 180 and abs(place[1]) <= 90):
        raise AddressError(f"{place} is no position in WGS-84 degrees (lon, lat)")
