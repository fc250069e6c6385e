"""What an app may be granted, in the words of those who grant it and of those who sign in."""

from collections.abc import Iterable
from typing import Any, Final

from flask_babel import gettext as _

N_ = str
_WORDS: Final = {
    "records": N_("Forms, records and evidence"),
    "checks": N_("Background checks"),
    "tasks": N_("Incidents and tasks"),
    "maps": N_("Addresses and maps"),
    "positions": N_("Where terminals are"),
    "sync": N_("Data held offline on the terminal"),
    "apps": N_("The app store"),
    "people": N_("Who joins, moves and leaves"),
    "supervision": N_("What supervisors do for their officers"),
}


def words(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return scopes as `{name, words}`, in the order given."""
    return [{"name": name, "words": _(_WORDS.get(name, name))} for name in names]
