"""Whether a terminal is where, and is used when, its configuration allows. Pure; WGS 84, metres."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

FRESH: Final = timedelta(hours=24)
"""A fix older than this says nothing about where the terminal is."""

_EARTH_M: Final = 6_371_008.8


def outside(
    fences: Sequence[Mapping[str, Any]], location: Mapping[str, Any], now: datetime
) -> bool | None:
    """Whether the terminal is surely outside all circles; None if nobody knows where it is.

    `location` is `{lat, lon, accuracy_m, at}`; the doubt of a fix counts for the terminal.
    """
    if not fences:
        return False
    if not {"lat", "lon"} <= location.keys() or not _fresh(location, now):
        return None
    doubt = float(location.get("accuracy_m") or 0)
    return all(_metres(fence, location) - doubt > fence["radius_m"] for fence in fences)


def out_of_hours(fences: Sequence[Mapping[str, Any]], local: datetime) -> bool:
    """Whether the local time is in none of the spans; one that ends before it starts spans midnight.

    Such a span belongs to the day on which it starts.
    """
    return bool(fences) and not any(_within(fence, local) for fence in fences)


def _within(fence: Mapping[str, Any], local: datetime) -> bool:
    clock, today = local.strftime("%H:%M"), local.isoweekday()
    start, end = fence["start"], fence["end"]
    if start <= end:
        return today in fence["days"] and start <= clock < end
    yesterday = (local - timedelta(days=1)).isoweekday()
    return (today in fence["days"] and clock >= start) or (
        yesterday in fence["days"] and clock < end
    )


def _fresh(location: Mapping[str, Any], now: datetime) -> bool:
    at = location.get("at")
    if not isinstance(at, str):
        return True
    try:
        taken = datetime.fromisoformat(at)
    except ValueError:
        return False
    return taken.tzinfo is not None and now - taken <= FRESH


def _metres(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return the great-circle distance (haversine)."""
    lat, lat2 = radians(one["lat"]), radians(other["lat"])
    half = sin((lat2 - lat) / 2) ** 2
    half += cos(lat) * cos(lat2) * sin(radians(other["lon"] - one["lon"]) / 2) ** 2
    return 2 * _EARTH_M * asin(min(1.0, sqrt(half)))
