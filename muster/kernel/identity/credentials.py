"""PINs and passwords: what may be chosen (NIST SP 800-63B §3.1.1), and storing its hash.

A PIN is one of two factors: the other is the terminal's key. A password stands alone on the
console, so it is at least 15 characters; nothing is asked of its composition.
"""

import secrets
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from muster.kernel.identity.errors import WeakSecret
from muster.kernel.identity.models import Credential, Officer

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

Kind = Literal["pin", "password"]
PIN_DIGITS: Final = range(6, 13)
PASSWORD_LENGTH: Final = range(15, 257)
_RUNS: Final = (
    "0123456789" * 3,
    "1234567890" * 3,
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "qwertyuiopasdfghjklzxcvbnm",
)
_COMMON: Final = frozenset(
    {
        "changemechangeme",
        "correcthorsebatterystaple",
        "iloveyouiloveyou",
        "letmeinletmein1",
        "passwordpassword",
        "password12345678",
        "policepolice123",
        "qwertyuiopasdfgh",
        "thisismypassword",
        "welcomewelcome1",
    }
)


def set_pin(uow: "UnitOfWork", officer: Officer, pin: str) -> None:
    """Give an officer a new PIN for terminals; raise `WeakSecret`. Replacing one ends sessions."""
    pin = normalised(pin)
    check_pin(pin, officer.number)
    _store(uow, officer, "pin", pin)


def set_password(uow: "UnitOfWork", officer: Officer, password: str) -> None:
    """Give an officer a new console password; raise `WeakSecret`. Replacing one ends sessions."""
    password = normalised(password)
    check_password(password, officer.number)
    _store(uow, officer, "password", password)


def normalised(secret: str) -> str:
    """Return the one form of a secret that any keyboard may have typed (800-63B asks for NFKC)."""
    return unicodedata.normalize("NFKC", secret)


def check_pin(pin: str, number: str) -> None:
    """Raise `WeakSecret` for a PIN that is short, patterned, a date or the officer's number."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        raise WeakSecret("A PIN has 6 to 12 digits.")
    if _repeats(pin) or _runs(pin):
        raise WeakSecret(
            "Choose a PIN without repeated or running digits such as 121212 or 345678."
        )
    if _is_date(pin):
        raise WeakSecret("Choose a PIN that is not a date, such as a birthday.")
    digits = "".join(sign for sign in number if sign.isdigit())
    if len(digits) >= min(PIN_DIGITS) and (digits in pin or pin in digits):
        raise WeakSecret("Choose a PIN that is not your number.")


def check_password(password: str, number: str) -> None:
    """Raise `WeakSecret` for a password that is short, on the block list, or a plain pattern."""
    if len(password) not in PASSWORD_LENGTH:
        raise WeakSecret("A password has 15 to 256 characters; a sentence does well.")
    folded = "".join(password.casefold().split())
    if folded in _COMMON or _repeats(folded) or _runs(folded):
        raise WeakSecret("This password is among the first that are guessed. Choose another.")
    if len(folded.replace(number.casefold(), "")) < min(PASSWORD_LENGTH) // 2:
        raise WeakSecret("Choose a password that is more than your number.")


def fresh_pin(number: str = "", digits: int = 6) -> str:
    """Return a random PIN that passes the rules, for imports, letters and demos."""
    while True:
        pin = f"{secrets.randbelow(10**digits):0{digits}}"
        try:
            check_pin(pin, number)
        except WeakSecret:
            continue
        return pin


def _store(uow: "UnitOfWork", officer: Officer, kind: Kind, secret: str) -> None:
    hashed = uow.kernel.secrets.hash(secret)
    held = uow.session.get(Credential, (officer.id, kind))
    if held is None:
        uow.session.flush()  # the officer may be as new as the secret
        uow.session.add(Credential(officer_id=officer.id, kind=kind, hash=hashed))
        return
    held.hash = hashed
    officer.epoch += 1


def _repeats(text: str) -> bool:
    """Whether a short piece fills the whole: aaaaaa, 121212, 123123, or all but one sign alike."""
    for size in range(1, len(text) // 2 + 1):
        piece = text[:size]
        if (piece * (len(text) // size + 1))[: len(text)] == text:
            return True
    return len(set(text)) == 1 or max(text.count(sign) for sign in set(text)) >= len(text) - 1


def _runs(text: str) -> bool:
    """Whether neighbours on the keyboard or in the alphabet make up the whole, either way."""
    return any(text in row or text[::-1] in row for row in _RUNS)


def _is_date(pin: str) -> bool:
    """Whether the digits read as a day of 1900 to 2099: YYYYMMDD, DDMMYYYY, YYMMDD, DDMMYY, …"""
    if len(pin) == 8:
        orders = (
            (pin[:4], pin[4:6], pin[6:]),
            (pin[4:], pin[2:4], pin[:2]),
            (pin[4:], pin[:2], pin[2:4]),
        )
    elif len(pin) == 6:
        orders = (
            ("20" + pin[:2], pin[2:4], pin[4:]),
            ("20" + pin[4:], pin[2:4], pin[:2]),
            ("20" + pin[4:], pin[:2], pin[2:4]),
        )
    else:
        return False
    return any(_is_day(int(year), int(month), int(day)) for year, month, day in orders)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return 1900 <= date(year, month, day).year < 2100
    except ValueError:
        return False
