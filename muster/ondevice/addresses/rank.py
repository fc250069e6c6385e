"""Which of the candidates is meant: by the terms they hold, then by likeness of the whole text."""

import math
from collections.abc import Sequence

from muster.ondevice.addresses.geometry import Point, distance_m
from muster.ondevice.addresses.query import Query, Term
from muster.ondevice.addresses.recall import Candidate
from muster.ondevice.addresses.tokens import is_unspaced

_COMPARED = 400
_LIKENESS, _OVERLAP, _NEARNESS = 0.6, 0.3, 0.1
_HALF_KILOMETRE = 500.0
_NUMBER = 2.0
_BEGUN = 0.5  # a word that only begins like the one typed may still become it

Ranked = tuple[float, Candidate]


def ranked(
    pool: Sequence[Candidate], query: Query, rows: int, near: Point | None, limit: int
) -> list[Ranked]:
    """Return the best `limit` candidates with scores from 0 to 1, the best first."""
    from rapidfuzz import fuzz  # 3 MB that only a search needs

    weights = [(term, _weight(term, rows)) for term in query.terms]
    whole = sum(weight for _, weight in weights)
    overlaps = [(_held(row[1], weights) / whole, row) for row in pool]
    overlaps.sort(key=lambda pair: -pair[0])
    likeness = fuzz.partial_ratio if query.unspaced else fuzz.token_set_ratio
    scored = [
        (_score(likeness(query.text, row[1]) / 100, overlap, row, near), row)
        for overlap, row in overlaps[:_COMPARED]
    ]
    scored.sort(key=lambda pair: (-pair[0], len(pair[1][1]), pair[1][0]))
    return scored[:limit]


def _weight(term: Term, rows: int) -> float:
    """Return the inverse document frequency; numbers count double, for they are rarely mistyped."""
    rarity = math.log((rows + 2) / (term.df + 1)) + 0.1
    return rarity * _NUMBER if term.text.isdecimal() else rarity


def _held(key: str, weights: Sequence[tuple[Term, float]]) -> float:
    return sum(weight * _share(key, term) for term, weight in weights)


def _share(key: str, term: Term) -> float:
    """Return how much of a term a row holds: keys set blanks around runs, so words stay whole."""
    if is_unspaced(term.text):
        return float(any(word in key for word in term.words))
    if any(f" {word} " in key for word in term.words):
        return 1.0
    return _BEGUN if term.begun and f" {term.text}" in key else 0.0


def _score(likeness: float, overlap: float, row: Candidate, near: Point | None) -> float:
    score = _LIKENESS * likeness + _OVERLAP * overlap
    if near is None:
        return score / (_LIKENESS + _OVERLAP)
    nearness = _HALF_KILOMETRE / (_HALF_KILOMETRE + distance_m(near, (row[2], row[3])))
    return score + _NEARNESS * nearness
