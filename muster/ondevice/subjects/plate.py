"""Registration plates: Chinese ones by their pattern, all others as letters and digits.

A Chinese plate is the province's character, a letter, and 5 (blue) or 6 (new energy) more; I and O
are not used, and the last of 5 may name a special use (GA 36).
"""

import re

from muster.ondevice.subjects.folds import alphanumerics
from muster.ondevice.subjects.reading import accepted, refused
from muster.ondevice.subjects.subject import Normalised, SubjectKind

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CHARACTER = "[A-HJ-NP-Z0-9]"
_CHINESE = re.compile(
    f"[{_PROVINCES}][A-HJ-NP-Z](?:{_CHARACTER}{{6}}|{_CHARACTER}{{4}}[A-HJ-NP-Z0-9警学挂港澳领试])"
)
_LENGTHS = range(2, 11)
_NEVER_USED = str.maketrans("IO", "10")


def normalise_plate(raw: str) -> Normalised:
    """Read a plate; dots and other separators fall away."""
    plate = alphanumerics(raw)
    if plate[:1] and plate[0] in _PROVINCES:
        return _chinese(plate)
    if len(plate) not in _LENGTHS:
        return refused(SubjectKind.PLATE, plate, "a plate has 2 to 10 letters and digits")
    return accepted(SubjectKind.PLATE, plate)


def _chinese(plate: str) -> Normalised:
    if _CHINESE.fullmatch(plate):
        return accepted(SubjectKind.PLATE, plate)
    offer = plate[:2] + plate[2:].translate(_NEVER_USED)
    note = "a Chinese plate is a province, a letter, and 5 or 6 characters without I and O"
    return refused(SubjectKind.PLATE, plate, note, [offer] if _CHINESE.fullmatch(offer) else [])
