"""What the launcher's own log lines prove. Pure.

The agent acknowledges next to nothing; it writes a log. A line counts for an order only if it was
written after the order was handed out and not in the future: the terminal's clock is its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

LAUNCHER: Final = "com.hmdm.launcher"
AHEAD: Final = timedelta(seconds=60)
What = Literal[
    "applied", "pushed", "uninstalled", "passcode_set", "passcode_refused", "reboot", "no_admin"
]
_LINES: Final[tuple[tuple[re.Pattern[str], What], ...]] = (
    (re.compile(r"^Configuration updated"), "applied"),
    (re.compile(r"^Got Push Message, type (?P<detail>\S{1,64})"), "pushed"),
    (re.compile(r"^Uninstalled application: (?P<detail>\S{1,200})"), "uninstalled"),
    (re.compile(r"^Password successfully changed"), "passcode_set"),
    (re.compile(r"^Failed to reset password"), "passcode_refused"),
    (re.compile(r"^Rebooting by a Push message"), "reboot"),
    (re.compile(r"^Device reset failed: no permissions"), "no_admin"),
)


@dataclass(frozen=True)
class Finding:
    """One thing a line says happened, when, and to what (a package, a push type)."""

    what: What
    at: datetime
    detail: str = ""


def findings(lines: Iterable[tuple[str, int, str]]) -> list[Finding]:
    """Return what `(package, milliseconds since 1970, message)` lines say, oldest first."""
    found = [
        Finding(what, at, match.groupdict().get("detail", ""))
        for package, milliseconds, message in lines
        if package == LAUNCHER and (at := moment(milliseconds)) is not None
        for pattern, what in _LINES
        if (match := pattern.match(message)) is not None
    ]
    return sorted(found, key=lambda finding: finding.at)


def proves(finding: Finding, handed_out: datetime | None, now: datetime) -> bool:
    """Tell whether a line can speak of what was handed out then."""
    return handed_out is not None and handed_out <= finding.at <= now + AHEAD


def moment(milliseconds: int) -> datetime | None:
    """Return a moment of the terminal's clock; None for one that is no date of this century."""
    if not 946_684_800_000 <= milliseconds < 4_102_444_800_000:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
