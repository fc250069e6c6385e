"""Chinese resident identity numbers (GB 11643), 18 characters or the older 15 digits.

18 characters: division (6), date of birth (8), sequence (3), check character by ISO 7064
MOD 11-2. The county code is deliberately not looked up: codes are abolished and merged while the
numbers stay, and a table of them refuses every second valid number.
"""

import re
from collections.abc import Iterator
from datetime import date

from muster.ondevice.subjects.folds import clean
from muster.ondevice.subjects.reading import accepted, refused
from muster.ondevice.subjects.subject import Normalised, SubjectKind

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_ALPHABET = "0123456789X"
_PROVINCES = frozenset(
    str(code)
    for region in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(region[0], region[1] + 1)
)
_FOREIGN = "9"  # permanent residents since 2023: 9, then the province that issued the card


def normalise_person_id(raw: str) -> Normalised:
    """Read a number; one that fails offers those one typing error away that validate."""
    number, note = clean(raw), None
    if _FIFTEEN.fullmatch(number):
        body = f"{number[:6]}19{number[6:]}"
        number, note = body + check_character(body), "15 digits: written in the 18-character form"
    fault = _fault(number)
    if fault is None:
        return accepted(SubjectKind.PERSON_ID, number, note)
    if note:
        return refused(SubjectKind.PERSON_ID, number, fault)
    offers = dict.fromkeys(near for near in _one_edit(number) if _fault(near) is None)
    return refused(SubjectKind.PERSON_ID, number, fault, offers)


def check_character(body: str) -> str:
    """Return the MOD 11-2 check character (0-9 or X) of the first 17 digits."""
    return _CHECK[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]


def _fault(number: str) -> str | None:
    if not _EIGHTEEN.fullmatch(number):
        return "an identity number has 17 digits and a check character (0-9 or X), or 15 digits"
    if check_character(number[:17]) != number[17]:
        return "the check character does not fit: a digit is wrong or two are swapped"
    province = number[1:3] if number[0] == _FOREIGN else number[:2]
    if province not in _PROVINCES:
        return f"no province has the code {province}"
    if not _is_birth_date(number[6:14]):
        return "the eight digits of the date of birth are no date"
    return None


def _is_birth_date(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year // 100 in (18, 19, 20)
    except ValueError:
        return False


def _one_edit(number: str) -> Iterator[str]:
    """Swaps first, the commonest slip; a number one short or one long is mended as well."""
    splits = [(number[:i], number[i:]) for i in range(len(number) + 1)]
    match len(number):
        case 18:
            yield from (a + b[1] + b[0] + b[2:] for a, b in splits[:-2])
            yield from (a + c + b[1:] for a, b in splits[:-1] for c in _ALPHABET)
        case 19:
            yield from (a + b[1:] for a, b in splits[:-1])
        case 17:
            yield from (a + c + b for a, b in splits for c in _ALPHABET)
