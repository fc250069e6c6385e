"""The incident log of the last day and a half: what was reported, where, and whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from muster.server.demo.city.addresses import Address
from muster.server.demo.city.beats import station_code

LOCAL = timezone(timedelta(hours=8))
_INCIDENTS = 48
_APART = timedelta(minutes=45)
_OPEN_FOR = timedelta(hours=6)
_KINDS: Mapping[str, tuple[str, str]] = {
    "traffic": ("轻微交通事故", "Minor traffic collision"),
    "theft": ("电动车被盗", "Electric bicycle stolen"),
    "dispute": ("邻里纠纷", "Dispute between neighbours"),
    "noise": ("深夜噪音扰民", "Noise at night"),
    "missing_person": ("老人走失", "Elderly person missing"),
    "suspicious_vehicle": ("可疑车辆停留", "Suspicious vehicle waiting"),
}


@dataclass(frozen=True, slots=True)
class Incident:
    """One row of incidents.csv; `unit` is the station, `address` an address code, times UTC."""

    number: str
    kind: str
    summary_zh: str
    summary_en: str
    address: str
    place: str
    lon: float
    lat: float
    unit: str
    beat: str
    reported_at: str
    state: str


def utc(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds, with a trailing Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def incident_log(
    addresses: Sequence[Address], home_beat: str, now: datetime, rng: Random
) -> tuple[Incident, ...]:
    """48 incidents up to `now`, oldest first.

    The last one is a suspicious vehicle in `home_beat`, the first officer's, minutes ago.
    Numbers count from 0001 each local day: `A2026-1120-0007`.
    """
    times = [now - _APART * back for back in range(_INCIDENTS, 0, -1)]
    times = [moment + timedelta(seconds=rng.randrange(1800)) for moment in times]
    at_home = [address for address in addresses if address.beat == home_beat]
    kinds = [rng.choice(list(_KINDS)) for _ in times[:-1]] + ["suspicious_vehicle"]
    places = [rng.choice(addresses) for _ in times[:-1]] + [rng.choice(at_home)]
    numbers = _numbers(times)
    return tuple(
        _incident(number, kind, place, moment, now)
        for number, kind, place, moment in zip(numbers, kinds, places, times, strict=True)
    )


def _numbers(times: Sequence[datetime]) -> list[str]:
    days = [f"{moment.astimezone(LOCAL):A%Y-%m%d}" for moment in times]
    return [f"{day}-{days[: i + 1].count(day):04}" for i, day in enumerate(days)]


def _incident(
    number: str, kind: str, place: Address, reported: datetime, now: datetime
) -> Incident:
    summary_zh, summary_en = _KINDS[kind]
    return Incident(
        number=number,
        kind=kind,
        summary_zh=summary_zh,
        summary_en=summary_en,
        address=place.code,
        place=place.text_zh,
        lon=place.lon,
        lat=place.lat,
        unit=station_code(place.beat),
        beat=place.beat,
        reported_at=utc(reported),
        state="open" if now - reported < _OPEN_FOR else "closed",
    )
