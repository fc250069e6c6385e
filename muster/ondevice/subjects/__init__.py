"""Identifiers of people, vehicles and things: how they are read, compared and hidden.

Start in `normalise.py`; each kind's rules have a module of their own. Any package may import it.
"""

from muster.ondevice.subjects.folds import folded_form
from muster.ondevice.subjects.names import name_text
from muster.ondevice.subjects.normalise import normalise
from muster.ondevice.subjects.subject import (
    Normalised,
    Subject,
    SubjectError,
    SubjectKind,
    blind,
)

__all__ = [
    "Normalised",
    "Subject",
    "SubjectError",
    "SubjectKind",
    "blind",
    "folded_form",
    "name_text",
    "normalise",
]
