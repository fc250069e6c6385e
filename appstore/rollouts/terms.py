"""When a terminal installs by itself: the conditions it waits for, and until when it may. Pure.

What terminals are told is `{"conditions": {…}, "deadline": "<RFC 3339>"}`; conditions are any of
`network` (`unmetered`), `charging` (true), `battery_min` (percent) and `window` (`{"from": "22:00",
"until": "05:00"}`, the terminal's local time; it may cross midnight). All of them must hold at once.
After the deadline a required app is installed regardless; people may install at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

Pressing = tuple[bool, bool, str, int, str]


@dataclass(frozen=True)
class Terms:
    """Conditions and a deadline; what nobody asked for is at its default."""

    unmetered: bool = False
    charging: bool = False
    battery_min: int = 0
    window: tuple[str, str] | None = None
    deadline: datetime | None = None

    @classmethod
    def of(cls, conditions: Mapping[str, Any] | None, deadline: datetime | None) -> "Terms":
        """Return what a row keeps: `conditions` as they are on the wire."""
        said = conditions or {}
        window = said.get("window")
        return cls(
            unmetered=said.get("network") == "unmetered",
            charging=bool(said.get("charging")),
            battery_min=said.get("battery_min") or 0,
            window=(window["from"], window["until"]) if window else None,
            deadline=deadline,
        )

    @property
    def conditions(self) -> dict[str, Any]:
        """The conditions as they are on the wire, without those that ask for nothing."""
        said: dict[str, Any] = {
            "network": "unmetered" if self.unmetered else None,
            "charging": self.charging,
            "battery_min": self.battery_min,
            "window": dict(zip(("from", "until"), self.window, strict=True))
            if self.window
            else None,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def told(self) -> dict[str, Any]:
        """What a terminal is told."""
        said = {"conditions": self.conditions, "deadline": _moment(self.deadline)}
        return {name: value for name, value in said.items() if value}

    @property
    def pressing(self) -> Pressing:
        """Smaller for terms that let a terminal install sooner."""
        conditions = self.conditions
        by = self.deadline is None, _moment(self.deadline)
        return bool(conditions), *by, len(conditions), str(conditions)


def _moment(given: datetime | None) -> str:
    return given.isoformat() if given else ""


FREE: Final = Terms()
"""Install as soon as possible."""
