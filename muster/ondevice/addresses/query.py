"""A typed address question: its terms, what they match in the index, and how rare they are."""

from dataclasses import dataclass

from muster.ondevice.addresses.tokens import Tokeniser, is_unspaced, tokens_of
from muster.ondevice.addresses.vocabulary import Vocabulary

_MOST_TERMS = 24
_LETTERS = 3  # a shorter prefix would merge the postings of half the vocabulary
_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Term:
    """One token, the index words that stand for it, and in how many rows they occur.

    `match` is the FTS5 expression; tokens hold letters and digits only, so quoting is safe. A term
    is `begun` if more of its word may follow, and not `searched` if it only helps to rank.
    """

    text: str
    words: tuple[str, ...]
    df: int
    match: str
    begun: bool = False
    searched: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """The terms in the order typed, and the runs they were cut from."""

    runs: tuple[str, ...]
    terms: tuple[Term, ...]

    @property
    def text(self) -> str:
        """The whole query in the form of the rows' keys."""
        return f" {' '.join(self.runs)} "

    @property
    def unspaced(self) -> bool:
        """Whether any of it is in a script without blanks."""
        return any(map(is_unspaced, self.runs))

    @property
    def known(self) -> list[Term]:
        """The terms that the index holds, the rarest first."""
        return sorted((term for term in self.terms if term.df), key=lambda term: term.df)


def read_query(text: str, cut: Tokeniser, vocabulary: Vocabulary) -> Query:
    """Cut the text; its last word is a beginning unless something was typed behind it."""
    runs = cut.runs(text)
    tokens = tokens_of(runs)[:_MOST_TERMS]
    open_end = runs[-1] if runs and text[-1:].isalnum() and not is_unspaced(runs[-1]) else None
    lone = len(tokens) == 1
    terms = tuple(
        _begun(token, vocabulary, lone) if token == open_end else _whole(token, vocabulary, lone)
        for token in tokens
    )
    return Query(tuple(runs), terms)


def _whole(token: str, vocabulary: Vocabulary, lone: bool) -> Term:
    if df := vocabulary.df(token):
        return Term(token, (token,), df, _any_of([token]))
    if lone and is_unspaced(token) and len(token) == 1:
        return _among(token, vocabulary.completions(token), vocabulary, begun=True)
    return _among(token, vocabulary.corrections(token), vocabulary)


def _begun(token: str, vocabulary: Vocabulary, lone: bool) -> Term:
    if len(token) >= (_DIGITS if token.isdecimal() else _LETTERS):
        df = vocabulary.df_of_prefix(token)
        if df:
            return Term(token, (token,), df, f'"{token}"*', begun=True)
        return _among(token, vocabulary.corrections(token), vocabulary)
    if lone:
        return _among(token, vocabulary.completions(token), vocabulary, begun=True)
    # Beside other terms a short beginning only helps to rank: it is not worth its postings.
    return Term(token, (token,), vocabulary.df(token), _any_of([token]), begun=True, searched=False)


def _among(token: str, words: list[str], vocabulary: Vocabulary, *, begun: bool = False) -> Term:
    df = sum(map(vocabulary.df, words))
    return Term(token, tuple(words) or (token,), df, _any_of(words), begun)


def _any_of(words: list[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return f"({' OR '.join(quoted)})"
