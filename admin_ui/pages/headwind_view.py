"""What the open Headwind agent of a terminal can and cannot do, as the device page shows it."""

from typing import Any, Final

from flask_babel import gettext as _

from mdm.gateways import headwind

N_ = str
_BUILDS: Final = {
    "house": N_("our own build: its calls are signed"),
    "fleet": N_("the build of the fleet that was taken over: its calls are signed"),
    "unknown": N_("unknown: its calls are not signed"),
}


def panel(standing: headwind.Standing | None) -> dict[str, Any] | None:
    """Return the view model `headwind`; None for a terminal of another agent."""
    if standing is None:
        return None
    return {
        "number": standing.number,
        "build": _(_BUILDS[standing.build]),
        "moved_in_at": standing.moved_in_at,
        "path_since": standing.path_since,
        "moving": standing.moving,
        "fetched_at": standing.fetched_at,
        "not_applied": list(standing.not_applied),
        "not_taken": list(standing.not_taken),
    }
