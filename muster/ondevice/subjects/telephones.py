"""Telephone equipment (IMEI, 3GPP TS 23.003) and telephone numbers (ITU-T E.164)."""

import re

from muster.ondevice.subjects.folds import alphanumerics, normal_text
from muster.ondevice.subjects.reading import accepted, refused
from muster.ondevice.subjects.subject import Normalised, SubjectKind

_IMEI = re.compile(r"[0-9]{14,16}")
_CHINESE_MOBILE = re.compile(r"(?:86)?(1[3-9][0-9]{9})")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_INTERNATIONAL = range(7, 16)
_NATIONAL = range(3, 16)


def normalise_imei(raw: str) -> Normalised:
    """Read an IMEI as 15 digits; from 14, or from 16 with software version, the check is added."""
    number = alphanumerics(raw)
    if not _IMEI.fullmatch(number):
        return refused(
            SubjectKind.IMEI, number, "an IMEI has 15 digits (14 without, 16 with version)"
        )
    whole = number[:14] + luhn_digit(number[:14])
    match len(number):
        case 14:
            return accepted(SubjectKind.IMEI, whole, "14 digits: the check digit was added")
        case 16:
            return accepted(SubjectKind.IMEI, whole, "16 digits: the software version was left out")
    if number != whole:
        return refused(SubjectKind.IMEI, number, "the check digit (Luhn) does not fit")
    return accepted(SubjectKind.IMEI, number)


def luhn_digit(body: str) -> str:
    """Return the Luhn check digit that follows these digits."""
    doubled = (sum(divmod(2 * int(d), 10)) for d in body[::-2])
    return str(-(sum(doubled) + sum(map(int, body[-2::-2]))) % 10)


def normalise_phone(raw: str) -> Normalised:
    """Read a number as + and digits where the country is known, else as the digits dialled."""
    text = _TRUNK_ZERO.sub("", normal_text(raw)).strip()
    digits = "".join(c for c in text if "0" <= c <= "9")
    abroad = text.startswith(("+", "00"))
    if abroad and not text.startswith("+"):
        digits = digits.removeprefix("00")
    if any(c.isalpha() for c in text):
        return refused(SubjectKind.PHONE, alphanumerics(raw), "a telephone number has digits only")
    mobile = _CHINESE_MOBILE.fullmatch(digits)
    if mobile and (digits.startswith("86") or not abroad):
        return _chinese_mobile(mobile[1], abroad)
    return _other_number(digits, abroad)


def _chinese_mobile(number: str, country_given: bool) -> Normalised:
    note = "read as a Chinese mobile number; for others begin with + and the country code"
    return accepted(SubjectKind.PHONE, f"+86{number}", None if country_given else note)


def _other_number(digits: str, abroad: bool) -> Normalised:
    form = f"+{digits}" if abroad else digits
    if len(digits) not in (_INTERNATIONAL if abroad else _NATIONAL):
        return refused(SubjectKind.PHONE, form, "a telephone number has at most 15 digits")
    return accepted(SubjectKind.PHONE, form, None if abroad else "no country code was given")
