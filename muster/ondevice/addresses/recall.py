"""Which rows are worth comparing: strict first, then forgiving more and more typing errors.

First the rows that hold every term. If there are none, those one slip away in an unspaced run. If
all are few, those that hold some of the six rarest terms: five of them, then four, three, two and
one. Each step asks the index once.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from muster.ondevice.addresses.geometry import Box, Point, box_around
from muster.ondevice.addresses.query import Query, Term
from muster.ondevice.addresses.slips import one_slip
from muster.ondevice.addresses.vocabulary import Vocabulary
from muster.ondevice.artefact import Artefact

Candidate = tuple[int, str, float, float]
"""Row number, key, lon, lat."""

ENOUGH = 10
_RAREST = 6
_POOL = 2000
_NEAR = 0.05  # degrees: about five kilometres
_FIND = "SELECT a.n, a.key, a.lon, a.lat FROM f JOIN a ON a.n = f.rowid WHERE f MATCH ?"
# The plus keeps SQLite from seeking the full text once per row of the box.
_FIND_NEAR = f"""{_FIND} AND +f.rowid IN
    (SELECT n FROM r WHERE x1 >= ? AND x0 <= ? AND y1 >= ? AND y0 <= ?)"""  # noqa: S608 - constant


def candidates(
    file: Artefact, vocabulary: Vocabulary, query: Query, near: Point | None
) -> list[Candidate]:
    """Return up to some thousand rows that hold enough of the query's terms, each once."""
    pool: dict[int, Candidate] = {}
    for expression in _strict(query):
        _gather(pool, file, expression, near)
    repaired = None if pool else one_slip(query, vocabulary)
    for expression in chain(filter(None, [repaired]), _forgiving(query)):
        if len(pool) >= ENOUGH:
            break
        _gather(pool, file, expression, near)
    return list(pool.values())


def _gather(
    pool: dict[int, Candidate], file: Artefact, expression: str, near: Point | None
) -> None:
    found = _find(file, expression, None)
    if near and len(found) == _POOL:
        found += _find(file, expression, box_around(near, _NEAR))
    pool.update((row[0], row) for row in found)


def _find(file: Artefact, expression: str, box: Box | None) -> list[Candidate]:
    if box is None:
        return file.rows(f"{_FIND} LIMIT ?", (expression, _POOL))
    return file.rows(f"{_FIND_NEAR} LIMIT ?", (expression, *box, _POOL))


def _strict(query: Query) -> Iterator[str]:
    """Yield the rows with every term; beside them, those without a word that has just begun."""
    searched = [term for term in query.terms if term.searched]
    for terms in (query.terms, searched) if len(searched) < len(query.terms) else (query.terms,):
        if terms and all(term.df for term in terms):
            yield _all_of(terms)


def _forgiving(query: Query) -> Iterator[str]:
    rarest = query.known[:_RAREST]
    for size in range(min(len(rarest), _RAREST - 1), 0, -1):
        yield " OR ".join(f"({_all_of(some)})" for some in combinations(rarest, size))


def _all_of(terms: Iterable[Term]) -> str:
    return " AND ".join(term.match for term in terms)
