"""Names of people, with the date or year of birth where it is known.

The text is a name, then optionally a date: `Zhang Wei 1978-03-04`, `张伟|19780304`, `李娜 1990`. The
normal form is `ZHANG WEI|1978-03-04`.
"""

import re
import unicodedata
from datetime import date

from muster.ondevice.scripts import HAN
from muster.ondevice.subjects.folds import normal_text
from muster.ondevice.subjects.reading import accepted, refused
from muster.ondevice.subjects.subject import Normalised, SubjectKind

_BIRTH = re.compile(
    r"[\s|,;]*(?<!\d)(?P<year>\d{4})"
    r"(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})|(?P<digits>\d{4}))?\s*$"
)
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u00b4]")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")


def normalise_name(raw: str) -> Normalised:
    """Read a name and the date of birth behind it."""
    text = normal_text(raw)
    found = _BIRTH.search(text)
    name = _name(text[: found.start()] if found else text)
    birth, real = _birth(found) if found else ("", True)
    form = f"{name}|{birth}" if birth else name
    if sum(map(str.isalpha, name)) < 2:
        return refused(SubjectKind.NAME, form, "a name has at least two letters")
    if not real:
        return refused(SubjectKind.NAME, form, f"{birth} is no date of birth")
    return accepted(SubjectKind.NAME, form)


def name_text(name: str, born: date | None = None) -> str:
    """Return the text that `normalise_name` reads, from a form's two fields."""
    return f"{name}|{born.isoformat()}" if born else name


def _name(text: str) -> str:
    joined = _APOSTROPHES.sub("", text)
    spaced = "".join(c if _is_written(c) else " " for c in joined)
    return _BETWEEN_HAN.sub("", " ".join(spaced.split()))


def _is_written(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def _birth(found: re.Match[str]) -> tuple[str, bool]:
    year, digits = found["year"], found["digits"]
    month, day = (digits[:2], digits[2:]) if digits else (found["month"], found["day"])
    if not month:
        return year, 1800 <= int(year) < 2100
    form = f"{year}-{month:0>2}-{day:0>2}"
    try:
        return form, 1800 <= date.fromisoformat(form).year < 2100
    except ValueError:
        return form, False
