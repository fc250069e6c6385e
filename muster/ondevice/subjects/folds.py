"""How typed text is cleaned, and the keys under which look-alike forms are equal."""

import unicodedata

from muster.ondevice.subjects.subject import Subject, SubjectKind

_LOOK_ALIKE = str.maketrans("OQDILZSGCBY", "0001125668V")
_GLYPH_KINDS = frozenset(
    {SubjectKind.PLATE, SubjectKind.VIN, SubjectKind.DOCUMENT, SubjectKind.SERIAL}
)
_DROPPED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Pd"})
_MINUS = "\u2212"


def normal_text(raw: str) -> str:
    """NFKC and upper case (so full-width becomes plain), decimal digits of any script as 0-9."""
    upper = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).upper())
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in upper)


def clean(raw: str) -> str:
    """Return the normal text without blanks, hyphens and invisible characters."""
    kept = (c for c in normal_text(raw) if unicodedata.category(c) not in _DROPPED)
    return normal_text("".join(kept).replace(_MINUS, ""))


def alphanumerics(raw: str) -> str:
    """Return the normal text's letters and digits only."""
    # Marks that stood behind a dropped character may now compose with a letter: normal again.
    return normal_text("".join(c for c in normal_text(raw) if c.isalnum()))


def folded_form(subject: Subject) -> str:
    """Return the key under which a misread or reordered form of the subject is found."""
    if subject.kind in _GLYPH_KINDS:
        return fold_glyphs(subject.normal_form)
    if subject.kind is SubjectKind.NAME:
        return fold_name(subject.normal_form)
    return subject.normal_form


def fold_glyphs(text: str) -> str:
    """Make one of {0OQD} {1IL} {2Z} {5S} {6GC} {8B} {VY}: cameras and eyes confuse them."""
    return text.translate(_LOOK_ALIKE)


def fold_name(normal_form: str) -> str:
    """Sort the words and drop accents, so either name order gives one key; keep the date."""
    name, bar, birth = normal_form.partition("|")
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(sorted(unicodedata.normalize("NFKC", plain).split())) + bar + birth
