"""From what was typed, scanned or heard to a subject."""

from collections.abc import Callable

from muster.ondevice.subjects.names import normalise_name
from muster.ondevice.subjects.papers import normalise_document, normalise_serial
from muster.ondevice.subjects.person_id import normalise_person_id
from muster.ondevice.subjects.plate import normalise_plate
from muster.ondevice.subjects.subject import Normalised, SubjectError, SubjectKind, known_kind
from muster.ondevice.subjects.telephones import normalise_imei, normalise_phone
from muster.ondevice.subjects.vin import normalise_vin

_RULES: dict[SubjectKind, Callable[[str], Normalised]] = {
    SubjectKind.PERSON_ID: normalise_person_id,
    SubjectKind.PLATE: normalise_plate,
    SubjectKind.VIN: normalise_vin,
    SubjectKind.IMEI: normalise_imei,
    SubjectKind.PHONE: normalise_phone,
    SubjectKind.DOCUMENT: normalise_document,
    SubjectKind.SERIAL: normalise_serial,
    SubjectKind.NAME: normalise_name,
}
_LONGEST = 200


def normalise(kind: SubjectKind | str, raw: str) -> Normalised:
    """Read an identifier by the rules of its kind.

    One that breaks the rules is still a subject, with `valid` false and a note: an officer may
    look it up as it stands. `SubjectError` is for what is none: an unknown kind, an empty text,
    one without a single letter or digit, or one of more than 200 characters.
    """
    rules = _RULES[known_kind(kind)]
    if not isinstance(raw, str):
        raise SubjectError(f"an identifier is a text, not {type(raw).__name__}")
    if len(raw) > _LONGEST:
        raise SubjectError(f"an identifier has at most {_LONGEST} characters")
    reading = rules(raw)
    if not any(map(str.isalnum, reading.subject.normal_form)):
        raise SubjectError("the identifier is empty: type its letters and digits")
    return reading
