"""Conditions and deadline of an installation, as forms ask for them and lists tell of them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask_babel import gettext as _

from admin_ui import forms
from muster.kernel.web import kernel

_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def conditions() -> dict[str, Any]:
    """Return the conditions that a form asks for."""
    battery = forms.whole("battery_min", 0, 100) if forms.text("battery_min", most=3) else 0
    window = {"from": _time("window_from"), "until": _time("window_until")}
    if bool(window["from"]) is not bool(window["until"]) or (
        window["from"] and window["from"] == window["until"]
    ):
        raise forms.fault("window_until", _("Give both ends of the hours, at different times."))
    said: dict[str, Any] = {
        "network": "unmetered" if forms.text("network", most=16) == "unmetered" else "",
        "charging": forms.text("charging", most=3) == "yes",
        "battery_min": battery,
        "window": window if window["from"] else None,
    }
    return {name: value for name, value in said.items() if value}


def deadline() -> datetime | None:
    """Return the end of the day that a form gives as the deadline."""
    return forms.day("deadline", end=True)


def values(said: Mapping[str, Any], until: datetime | None) -> dict[str, Any]:
    """Return what the form's fields hold for what a row keeps."""
    window = said.get("window") or {}
    return {
        "network": said.get("network", "any"),
        "charging": "yes" if said.get("charging") else "",
        "battery_min": said.get("battery_min") or "",
        "window_from": window.get("from", ""),
        "window_until": window.get("until", ""),
        "deadline": last_day(until),
    }


def last_day(until: datetime | None) -> str:
    """Return the last whole day before a moment, as a date field holds it."""
    if until is None:
        return ""
    return (until - timedelta(seconds=1)).astimezone(kernel().settings.timezone).date().isoformat()


def sentence(said: Mapping[str, Any]) -> str:
    """Return the conditions as a list tells of them, '' for none."""
    window = said.get("window")
    parts = [
        _("unmetered network") if said.get("network") == "unmetered" else "",
        _("charging") if said.get("charging") else "",
        _("battery from %(num)s %%", num=said["battery_min"]) if said.get("battery_min") else "",
        _("%(start)s to %(end)s", start=window["from"], end=window["until"]) if window else "",
    ]
    return ", ".join(part for part in parts if part)


def _time(name: str) -> str:
    given = forms.text(name, most=8)[:5]
    if given and not _TIME.fullmatch(given):
        raise forms.fault(name, _("Write a time of day, as in 22:00."))
    return given
