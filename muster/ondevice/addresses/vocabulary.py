"""The words of an address book: how often each occurs, and what a mistyped one may have been."""

from functools import cached_property

from muster.ondevice.addresses.tokens import is_unspaced
from muster.ondevice.artefact import Artefact

_SHORTEST_WORD = 3
_LIKE_ENOUGH = 0.6
_CORRECTIONS = 3
_COMPLETIONS = 24
_BRIDGES = 80
_LAST = "\U0010ffff"


class Vocabulary:
    """Answers from the table `vd(term, df)`; the words to correct by are read once, on demand."""

    def __init__(self, file: Artefact) -> None:
        self._file = file

    def df(self, term: str) -> int:
        """Return in how many rows the word occurs."""
        found = self._file.rows("SELECT df FROM vd WHERE term = ?", (term,))
        return int(found[0][0]) if found else 0

    def df_of_prefix(self, prefix: str) -> int:
        """Return how often words that begin so occur; a row with two of them counts twice."""
        sql = "SELECT coalesce(sum(df), 0) FROM vd WHERE term >= ? AND term < ?"
        return int(self._file.rows(sql, (prefix, prefix + _LAST))[0][0])

    def completions(self, prefix: str) -> list[str]:
        """Return the commonest words that begin so, the prefix itself first if it is a word."""
        sql = """SELECT term FROM vd WHERE term >= ? AND term < ?
                 ORDER BY term <> ?, df DESC LIMIT ?"""
        found = self._file.rows(sql, (prefix, prefix + _LAST, prefix, _COMPLETIONS))
        return [term for (term,) in found]

    def corrections(self, word: str) -> list[str]:
        """Return up to three words that a mistyped one is nearest to (Damerau-Levenshtein)."""
        if len(word) < _SHORTEST_WORD or word.isdecimal() or is_unspaced(word):
            return []
        from rapidfuzz import process  # 3 MB that only a search needs
        from rapidfuzz.distance import OSA

        likely = process.extract(
            word,
            self._words,
            scorer=OSA.normalized_similarity,
            score_cutoff=_LIKE_ENOUGH,
            limit=_CORRECTIONS,
        )
        return [term for term, _, _ in likely]

    def bridges(self, first: str, last: str) -> list[tuple[str, str]]:
        """Return pairs of bigrams that lead from one character over any other to the last."""
        sql = """SELECT x.term, y.term FROM vd x JOIN vd y ON y.term = substr(x.term, 2) || ?
                 WHERE x.term >= ? AND x.term < ? AND length(x.term) = 2
                 ORDER BY min(x.df, y.df) DESC LIMIT ?"""
        found = self._file.rows(sql, (last, first, first + _LAST, _BRIDGES))
        return [(a, b) for a, b in found]

    @cached_property
    def _words(self) -> list[str]:
        """Words of letters, the commonest first, so that of equally near ones they win."""
        terms = self._file.rows("SELECT term FROM vd ORDER BY df DESC, term")
        return [
            term
            for (term,) in terms
            if len(term) >= _SHORTEST_WORD and not is_unspaced(term) and not term.isdecimal()
        ]
