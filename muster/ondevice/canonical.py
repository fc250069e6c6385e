"""One byte form for one JSON value, so that server and terminal hash and sign the same bytes.

Source: RFC 8785 (JSON Canonicalization Scheme), which builds on ECMA-262 for numbers.
"""

import hashlib
import json.encoder
import math
from decimal import Decimal
from typing import Any

_quote = json.encoder.encode_basestring
_EXACT = 2**53  # every integer up to here is a double of its own
_PLAIN_DIGITS = 21  # ECMA-262 Number::toString writes an exponent beyond this
_LEADING_ZEROS = 6
_LITERALS = {None: "null", True: "true", False: "false"}


class CanonicalError(ValueError):
    """The value has no canonical JSON form; the sentence names what stands in the way."""


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a value made of dict, list, tuple, str, int, float, bool, None.

    Raises `CanonicalError` for any other type, for keys that are not strings, for NaN and
    infinities, for integers that a double cannot carry, and for lone surrogates.
    """
    try:
        return _text(value).encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("a string holds a lone surrogate; it is not valid Unicode") from error
    except RecursionError as error:
        raise CanonicalError("the value is nested too deeply, or contains itself") from error


def content_hash(value: Any) -> str:
    """Return `sha256:` and the lower-case hex digest of the canonical form."""
    return f"sha256:{hashlib.sha256(canonical_json(value)).hexdigest()}"


def _text(value: Any) -> str:
    match value:
        case None | bool():
            return _LITERALS[value]
        case str():
            return _quote(value)
        case int():
            return _integer(value)
        case float():
            return _number(value)
        case list() | tuple():
            return f"[{','.join(map(_text, value))}]"
        case dict():
            return _object(value)
    raise CanonicalError(f"{type(value).__name__} is not a JSON type; convert it to text first")


def _object(members: dict[Any, Any]) -> str:
    for name in members:
        if not isinstance(name, str):
            raise CanonicalError(f"the key {name!r} is not a string")
    ordered = sorted(members, key=_utf16)
    return f"{{{','.join(f'{_quote(name)}:{_text(members[name])}' for name in ordered)}}}"


def _utf16(name: str) -> bytes:
    """RFC 8785 §3.2.3 orders names by UTF-16 code units, which differs beyond the BMP."""
    return name.encode("utf-16-be")


def _integer(number: int) -> str:
    digits = int.__repr__(number)
    if abs(number) <= _EXACT:
        return digits
    try:
        written = _number(float(number))
    except OverflowError:
        written = ""
    if written != digits and (not written or float(number) != number):
        raise CanonicalError(f"{digits} does not fit a double; write it as a string")
    return written


def _number(number: float) -> str:
    """Write a double as ECMA-262 Number::toString does: the shortest digits that read back."""
    if not math.isfinite(number):
        raise CanonicalError(f"{number} is not a JSON number")
    if number == 0:
        return "0"
    _, figures, exponent = Decimal(float.__repr__(abs(number))).as_tuple()
    assert isinstance(exponent, int)
    whole = "".join(map(str, figures))
    digits = whole.rstrip("0")
    sign = "-" if number < 0 else ""
    return sign + _placed(digits, point=len(whole) + exponent)


def _placed(digits: str, point: int) -> str:
    """Set the decimal point after `point` digits, as ECMA-262 does case by case."""
    if len(digits) <= point <= _PLAIN_DIGITS:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _PLAIN_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if -_LEADING_ZEROS < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
