"""Identifiers that pass every check and belong to nobody.

Identity numbers carry region codes that were never issued, plates a letter that the province
does not use, VINs a manufacturer code without a manufacturer.
"""

from datetime import date
from random import Random

from muster.ondevice.subjects.person_id import check_character
from muster.ondevice.subjects.vin import check_digit

_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_VIN_CHARACTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_PLATE_PREFIX = "桂Z"
_MAKER = "L0M"
_MODEL_YEARS = "JKLMNPRSTV"
_NEW_ENERGY_SHARE = 0.25


def person_id(region: str, dob: date, *, female: bool, rng: Random) -> str:
    """An 18-character identity number (GB 11643): odd serial for men, even for women."""
    serial = rng.randrange(10, 499) * 2 + (not female)
    body = f"{region}{dob:%Y%m%d}{serial:03}"
    return body + check_character(body)


def plate(rng: Random) -> str:
    """A number plate (GA 36): five places for a blue one, six for new energy."""
    if rng.random() < _NEW_ENERGY_SHARE:
        return f"{_PLATE_PREFIX}{rng.choice('DF')}{rng.randrange(100_000):05}"
    return (
        f"{_PLATE_PREFIX}{rng.choice(_PLATE_LETTERS)}{rng.randrange(10)}"
        f"{rng.choice(_PLATE_LETTERS)}{rng.randrange(100):02}"
    )


def vin(rng: Random) -> str:
    """A vehicle identification number (ISO 3779) with the check digit at position 9."""
    descriptor = "".join(rng.choice(_VIN_CHARACTERS) for _ in range(5))
    serial = f"{rng.choice(_MODEL_YEARS)}Y{rng.randrange(1_000_000):06}"
    draft = f"{_MAKER}{descriptor}0{serial}"  # the check digit itself has weight 0
    return f"{_MAKER}{descriptor}{check_digit(draft)}{serial}"
