"""Where a terminal is: taken only while somebody ordered it, kept in WGS 84. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from muster.ondevice.datum import DatumError, to_wgs84

WGS84: Final = "wgs84"
_DIGITS: Final = 7  # a centimetre


def is_ordered(state: str, configured: bool, kinds: Collection[str]) -> bool:
    """Whether a terminal may say where it is.

    `state` is its own (a lost one is looked for), `configured` whether its configuration asks for
    it now, `kinds` are the kinds of its open commands.
    """
    return state == "lost" or configured or not {"locate", "lost_mode"}.isdisjoint(kinds)


def asked_by(configuration: Mapping[str, Any]) -> bool:
    """Whether a configuration asks for locations: at intervals, or in lost mode."""
    lost = configuration.get("lost") or {}
    return configuration.get("location_seconds", 0) > 0 or bool(lost.get("enabled"))


def kept(
    lat: float, lon: float, at: datetime, accuracy_m: float | None, datum: str
) -> dict[str, Any]:
    """Return a fix as it is stored; one of another datum keeps its own numbers beside.

    Returns {} for numbers that are no position in their datum.
    """
    try:
        x, y = to_wgs84(lon, lat, datum)
    except DatumError:
        return {}
    fix: dict[str, Any] = {"lat": round(y, _DIGITS), "lon": round(x, _DIGITS), "datum": WGS84}
    if accuracy_m is not None:
        fix["accuracy_m"] = accuracy_m
    if datum != WGS84:
        fix["original"] = {"lat": lat, "lon": lon, "datum": datum}
    return fix | {"at": at.isoformat()}
