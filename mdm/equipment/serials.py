"""What is printed on things, as it is stored: serial numbers, IMEI, ICCID, telephone numbers (pure).

IMEI: 3GPP TS 23.003, 15 digits. ICCID: ITU-T E.118, 19 or 20 digits that begin with 89 and end with
a Luhn check digit. Numbers: ITU-T E.164 with `+` and at most 15 digits.
"""

import re
from typing import Final

_SERIAL: Final = re.compile(r"[A-Z0-9][A-Z0-9 ._/+:-]{0,63}")
_ICCID: Final = re.compile(r"89[0-9]{17,18}")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_IMEI: Final = re.compile(r"[0-9]{15}")
_SPACED: Final = re.compile(r"[\s-]+")


class NotPrinted(ValueError):
    """The text is no such number; the sentence says what one looks like."""


def serial(raw: str) -> str:
    """Return a serial number in capitals without the space around it; scanners differ in case."""
    text = raw.strip().upper()
    if not _SERIAL.fullmatch(text):
        raise NotPrinted("A serial number has 1 to 64 letters, digits and . _ / + : - signs.")
    return text


def imei(raw: str) -> str:
    """Return an IMEI as 15 digits, '' for none."""
    text = _SPACED.sub("", raw)
    if text and not (_IMEI.fullmatch(text) and luhn(text)):
        raise NotPrinted("An IMEI has 15 digits, the last a check digit. Look for a slip.")
    return text


def iccid(raw: str) -> str:
    """Return an ICCID as 19 or 20 digits."""
    text = _SPACED.sub("", raw)
    if not (_ICCID.fullmatch(text) and luhn(text)):
        raise NotPrinted(
            "An ICCID has 19 or 20 digits, begins with 89 and ends with a check digit."
        )
    return text


def number(raw: str) -> str:
    """Return a telephone number as E.164 writes it, '' for none."""
    text = _SPACED.sub("", raw)
    if text and not _NUMBER.fullmatch(text):
        raise NotPrinted("Write the number with + and the country code, as +8613800001111.")
    return text


def luhn(digits: str) -> bool:
    """Tell whether the last digit is the Luhn check digit of those before it (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0
