"""What forms send: trimmed text within bounds, or a fault at the field it belongs to."""

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from flask import request
from flask_babel import get_timezone
from flask_babel import gettext as _

from muster.kernel.errors import Fault, InvalidInput

_REASON: Final = range(5, 1001)


def text(name: str, *, least: int = 0, most: int = 200) -> str:
    """Return a field's text without the space around it."""
    given = request.form.get(name, "").replace("\r\n", "\n").strip()
    if len(given) < least:
        raise fault(name, _("Fill this in."))
    if len(given) > most:
        raise fault(name, _("At most %(num)s characters.", num=most))
    if "\x00" in given:
        raise fault(name, _("This holds a character that cannot be stored."))
    return given


def matching(name: str, pattern: str, advice: str) -> str:
    """Return a short name of a form that was agreed on; `advice` says which."""
    given = text(name, least=1, most=64)
    if not re.match(pattern, given):
        raise fault(name, advice)
    return given


def reason() -> str:
    """Return why somebody does this: a few words that others will read."""
    given = text("reason", most=max(_REASON))
    if len(given) not in _REASON:
        raise fault("reason", _("Say why, in a few words that somebody else will understand."))
    return given


def whole(name: str, lowest: int, highest: int) -> int:
    """Return a whole number within bounds."""
    given = text(name, most=9)
    if not given.isdecimal() or not lowest <= int(given) <= highest:
        raise fault(name, _("A whole number from %(low)s to %(high)s.", low=lowest, high=highest))
    return int(given)


def day(name: str, *, end: bool = False) -> datetime | None:
    """Return the beginning of a day where the reader is, or its end; None for none."""
    given = text(name, most=10)
    if not given:
        return None
    try:
        first = date.fromisoformat(given) + timedelta(days=end)
        return datetime.combine(first, time(), get_timezone())
    except (ValueError, OverflowError) as error:
        raise fault(name, _("Choose a day.")) from error


def chosen(name: str, among: Collection[str]) -> str:
    """Return one of the values that were offered."""
    given = text(name, most=64)
    if given not in among:
        raise fault(name, _("Choose one of those offered."))
    return given


def ids(name: str, most: int) -> list[UUID]:
    """Return the ids of all ticked boxes of a name, at least one."""
    given = request.form.getlist(name)
    try:
        chosen = [UUID(one) for one in given]
    except ValueError:
        chosen = []
    if not 1 <= len(chosen) <= most:
        raise InvalidInput(_("Select at least one and at most %(num)s.", num=most))
    return chosen


def optional_id(name: str) -> UUID | None:
    """Return the id that was chosen, None for no choice."""
    given = text(name, most=36)
    try:
        return UUID(given) if given else None
    except ValueError as error:
        raise fault(name, _("Choose one of those offered.")) from error


def confirmed(expected: str) -> None:
    """Refuse a grave act unless the name of what it strikes was typed."""
    if text("confirmation") != expected:
        raise fault("confirmation", _("This must read %(name)s.", name=expected))


def fault(name: str, sentence: str) -> InvalidInput:
    """Return the refusal of one field."""
    return InvalidInput(errors=[Fault(f"/{name}", sentence)])
