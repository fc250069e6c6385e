"""One slip in an unspaced run, as a question to the index: a character wrong, extra or missing.

A wrong character spoils both pairs it stands in, so a short street name loses all it is found by.
The vocabulary tells which characters can stand between its two neighbours: 中?路 is asked as
中山+山路 or 中华+华路, beside all terms that the slip leaves untouched. Where something is missing
(a character, or the whole town between county and street) only one pair is spoilt.
"""

from collections.abc import Iterator

from muster.ondevice.addresses.query import Query, Term
from muster.ondevice.addresses.tokens import is_unspaced
from muster.ondevice.addresses.vocabulary import Vocabulary

_MOST_CHARACTERS = 12
_RAREST = 4
_SELECTIVE = 3  # with so many terms left, what replaces the character need not be guessed


def one_slip(query: Query, vocabulary: Vocabulary) -> str | None:
    """Return an FTS5 expression for rows one slip away, or None if no repair is conceivable."""
    repairs = [repair for run in query.runs for repair in _repairs(run, query, vocabulary)]
    return " OR ".join(repairs) or None


def _repairs(run: str, query: Query, vocabulary: Vocabulary) -> Iterator[str]:
    if not is_unspaced(run) or not 2 < len(run) <= _MOST_CHARACTERS:
        return
    for i in range(len(run)):
        before, here, after = run[i - 1] if i else "", run[i], run[i + 1 : i + 2]
        if after and (kept := _untouched(query, {here + after})):
            yield f"({_all_of(kept)})"
        if kept := _untouched(query, {before + here, here + after}):
            inner = before and after and len(kept) < _SELECTIVE
            ways = _replaced(before, after, vocabulary) if inner else None
            if ways or not inner:
                yield f"({' AND '.join(filter(None, (_all_of(kept), ways)))})"


def _replaced(before: str, after: str, vocabulary: Vocabulary) -> str | None:
    """Return what may stand for a wrong or an extra character between two others."""
    ways = [f'("{a}" AND "{b}")' for a, b in vocabulary.bridges(before, after)]
    if vocabulary.df(before + after):
        ways.append(f'"{before}{after}"')
    return f"({' OR '.join(ways)})" if ways else None


def _untouched(query: Query, lost: set[str]) -> list[Term]:
    """Return the terms that the slip leaves; none if the index does not know them all."""
    kept = [term for term in query.terms if term.text not in lost and term.searched]
    return kept if all(term.df for term in kept) else []


def _all_of(terms: list[Term]) -> str:
    # The rarest few pick the rows; walking the common ones' postings too would only cost time.
    rarest = sorted(terms, key=lambda term: term.df)[:_RAREST]
    return " AND ".join(term.match for term in rarest)
