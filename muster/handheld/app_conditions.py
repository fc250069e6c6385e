"""Whether an app may be installed by itself now: what the terminal knows of itself decides. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any


@dataclass
class Surroundings:
    """What the terminal knows of itself; the demo and the tests change it.

    `network` is unmetered|metered, `battery` percent. `abis` and `languages` come in the order in
    which the terminal prefers them; `density` is dots per inch, `free` bytes of storage.
    """

    network: str = "unmetered"
    charging: bool = True
    battery: int = 80
    free: int = 8 << 30
    abis: tuple[str, ...] = ("arm64-v8a", "armeabi-v7a")
    density: int = 420
    languages: tuple[str, ...] = ("en",)


def waits_for(wanted: Mapping[str, Any], around: Surroundings, now: datetime) -> str:
    """Return what an installation waits for: network, charging, battery, window; '' for nothing.

    `now` is aware, in the terminal's own time zone. After the deadline a required app waits for
    nothing.
    """
    deadline = wanted.get("deadline")
    if wanted["mode"] == "required" and deadline and now >= datetime.fromisoformat(deadline):
        return ""
    asked: Mapping[str, Any] = wanted.get("conditions") or {}
    unmet = {
        "network": asked.get("network") == "unmetered" and around.network != "unmetered",
        "charging": bool(asked.get("charging")) and not around.charging,
        "battery": around.battery < (asked.get("battery_min") or 0),
        "window": "window" in asked and not _within(asked["window"], now.time()),
    }
    return next((name for name, waits in unmet.items() if waits), "")


def _within(window: Mapping[str, str], now: time) -> bool:
    """Whether a time lies in a window, which may cross midnight."""
    begins, ends = time.fromisoformat(window["from"]), time.fromisoformat(window["until"])
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends
