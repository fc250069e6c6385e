"""Vehicle identification numbers (ISO 3779; check digit at position 9 as in 49 CFR 565)."""

import re

from muster.ondevice.subjects.folds import alphanumerics
from muster.ondevice.subjects.reading import accepted, refused
from muster.ondevice.subjects.subject import Normalised, SubjectKind

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VALUES = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        map(int, "012345678912345678123457923456789"),
        strict=True,
    )
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_NEVER_USED = str.maketrans("IOQ", "100")
_NORTH_AMERICA = "12345"


def normalise_vin(raw: str) -> Normalised:
    """Read a VIN. The check digit binds in North America only; elsewhere it is a warning."""
    vin = alphanumerics(raw)
    if not _VIN.fullmatch(vin):
        return _misshapen(vin)
    if check_digit(vin) == vin[8]:
        return accepted(SubjectKind.VIN, vin)
    note = f"the check digit at position 9 is {vin[8]}, the rest asks for {check_digit(vin)}"
    if vin[0] in _NORTH_AMERICA:
        return refused(SubjectKind.VIN, vin, note)
    return accepted(SubjectKind.VIN, vin, f"{note}; outside North America not every maker sets it")


def check_digit(vin: str) -> str:
    """Return the digit, or X for ten, that belongs at position 9 of a well-formed VIN."""
    rest = sum(w * _VALUES[c] for w, c in zip(_WEIGHTS, vin, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def _misshapen(vin: str) -> Normalised:
    offer = vin.translate(_NEVER_USED)
    if _VIN.fullmatch(offer):
        note = "a VIN never holds I, O or Q: read them as 1, 0 and 0"
        return refused(SubjectKind.VIN, vin, note, [offer])
    return refused(SubjectKind.VIN, vin, "a VIN has 17 letters and digits, without I, O and Q")
