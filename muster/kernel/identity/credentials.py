"""PINs and passwords: what may be chosen (NIST SP 800-63B §3.1.1), and storing its hash.

A PIN is one of two factors: the other is the terminal's key. A console password is at least 15
characters although a second factor goes with it; nothing is asked of its composition, nothing
expires by itself. What is refused is what is guessed first: the block list of §3.1.1.2 is
zxcvbn's, which also sees leaked passwords that were lengthened by a year, a sign or themselves,
and words of the context: the person's number and name, the service, the trade.
"""

import secrets
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from muster.kernel.identity.errors import WeakSecret
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Credential, Officer

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

Kind = Literal["pin", "password"]
ONE_TIME: Final = timedelta(hours=24)
"""How long a secret that somebody else has set may wait for its first use."""
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
    {"correcthorsebatterystaple", "thequickbrownfoxjumpsoverthelazydog", "thisismypassword"}
)
_COMMON_PINS: Final = frozenset(
    {"112233", "123321", "147258", "159753", "258369", "147852", "789456", "456789", "112358"}
    | {"314159", "520131", "5201314", "1314520", "147258369", "741852963", "12344321"}
)
_CONTEXT: Final = ("muster", "passmuster", "police", "officer", "console", "sheriff", "admin")
_GUESSED_FIRST: Final = 1e9  # guesses; a lock after five failures leaves an attacker far fewer
_LOOKED_AT: Final = 72  # characters; the rest of a longer one only makes it better


def set_pin(uow: "UnitOfWork", officer: Officer, pin: str) -> None:
    """Give an officer a new PIN for terminals; raise `WeakSecret`. Replacing one ends sessions."""
    pin = normalised(pin)
    check_pin(pin, officer.number)
    _store(uow, officer, "pin", pin)


def set_password(uow: "UnitOfWork", officer: Officer, password: str) -> None:
    """Give an officer a new console password; raise `WeakSecret`. Replacing one ends sessions."""
    password = normalised(password)
    check_password(password, officer.number, officer.name)
    _store(uow, officer, "password", password)


def set_one_time(uow: "UnitOfWork", officer: Officer, kind: Kind, secret: str) -> None:
    """Store a secret that somebody else knows: it opens a session that must choose another.

    It ends after 24 hours if it is not used.
    """
    _store(uow, officer, kind, normalised(secret))
    uow.session.flush()
    held = uow.session.get_one(Credential, (officer.id, kind))
    held.must_change, held.expires_at = True, uow.now() + ONE_TIME


def normalised(secret: str) -> str:
    """Return the one form of a secret that any keyboard may have typed (800-63B asks for NFKC)."""
    return unicodedata.normalize("NFKC", secret)


def check_pin(pin: str, number: str) -> None:
    """Raise `WeakSecret` for a PIN that is short, patterned, a date or the officer's number."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        raise WeakSecret("A PIN has 6 to 12 digits.")
    if pin in _COMMON_PINS or _repeats(pin) or _runs(pin):
        raise WeakSecret(
            "Choose a PIN without repeated or running digits such as 121212 or 345678."
        )
    if _is_date(pin):
        raise WeakSecret("Choose a PIN that is not a date, such as a birthday.")
    digits = "".join(sign for sign in number if sign.isdigit())
    if len(digits) >= min(PIN_DIGITS) and (digits in pin or pin in digits):
        raise WeakSecret("Choose a PIN that is not your number.")


def check_password(password: str, number: str, name: str = "") -> None:
    """Raise `WeakSecret` for a password that is short, on the block list, or a plain pattern."""
    if len(password) not in PASSWORD_LENGTH:
        raise WeakSecret("A password has 15 to 256 characters; a sentence does well.")
    folded = "".join(password.casefold().split())
    if folded in _COMMON or _repeats(folded) or _runs(folded):
        raise WeakSecret("This password is among the first that are guessed. Choose another.")
    if _guesses(password, number, name) < _GUESSED_FIRST:
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
    held.hash, held.must_change, held.expires_at = hashed, False, None
    officer.epoch += 1
    look_again(uow, officer.id)


def _guesses(password: str, *context: str) -> float:
    """Return about how many passwords a practised guesser tries before this one."""
    from zxcvbn import zxcvbn  # its word lists are 10 MB, and most processes set no password

    words = [word for text in context for word in (text, *text.split()) if word]
    estimate = zxcvbn(password[:_LOOKED_AT], user_inputs=[*_CONTEXT, *words])
    return float(estimate["guesses"])


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
