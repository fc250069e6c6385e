"""The answers that every kind's rules give: this reads well, or this does not and why."""

from collections.abc import Iterable

from muster.ondevice.subjects.folds import folded_form
from muster.ondevice.subjects.subject import Normalised, Subject, SubjectKind


def accepted(kind: SubjectKind, normal_form: str, note: str | None = None) -> Normalised:
    """Return the reading of an identifier that keeps the rules of its kind."""
    subject = Subject(kind, normal_form)
    return Normalised(subject, True, note, (), folded_form(subject))


def refused(
    kind: SubjectKind, normal_form: str, note: str, suggestions: Iterable[str] = ()
) -> Normalised:
    """Return the reading of one that breaks them; it can still be looked up as it stands."""
    subject = Subject(kind, normal_form)
    return Normalised(subject, False, note, tuple(suggestions), folded_form(subject))
