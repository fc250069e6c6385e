"""Document numbers (passports, permits) and serial numbers (firearms, property).

Neither has a rule that holds across issuers and makers, so only the shape is judged.
"""

from muster.ondevice.subjects.folds import alphanumerics
from muster.ondevice.subjects.reading import accepted, refused
from muster.ondevice.subjects.subject import Normalised, SubjectKind

_DOCUMENT = range(5, 21)
_SERIAL = range(3, 33)


def normalise_document(raw: str) -> Normalised:
    """Read a passport's or permit's number as letters and digits."""
    number = alphanumerics(raw)
    if len(number) in _DOCUMENT and any(c.isdecimal() for c in number):
        return accepted(SubjectKind.DOCUMENT, number)
    note = "a document number has 5 to 20 letters and digits, at least one of them a digit"
    return refused(SubjectKind.DOCUMENT, number, note)


def normalise_serial(raw: str) -> Normalised:
    """Read a serial number as letters and digits; makes reuse them, so ask for the make too."""
    number = alphanumerics(raw)
    if len(number) in _SERIAL:
        return accepted(SubjectKind.SERIAL, number)
    return refused(SubjectKind.SERIAL, number, "a serial number has 3 to 32 letters and digits")
