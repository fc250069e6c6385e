"""What is known of a terminal, in the words that rules are written in. Pure.

A fact that nobody knows is left out; the rule says what that means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal

from mdm.compliance.fences import out_of_hours, outside


@dataclass(frozen=True)
class Attested:
    """What hardware said of the terminal's key, as far as it counts now, and its attested patch."""

    result: Literal["verified", "failed", "unknown"] = "unknown"
    patch_level: date | None = None


@dataclass(frozen=True)
class Wanted:
    """What the effective configuration says that rules look at: apps and fences."""

    required: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    geo: Sequence[Mapping[str, Any]] = ()
    time: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Known:
    """What is known of a terminal: its own words, and what the server has measured.

    `software` is empty where the terminal never said what is installed; `accepted_sims` is None
    until it first said which SIMs are in it.
    """

    posture: Mapping[str, Any]
    patch_level: date | None
    agent_version: str
    desired_hash: str
    applied_hash: str
    desired_at: datetime | None
    attested: Attested = field(default_factory=Attested)
    awaiting: bool = False
    device_class: str = "handheld"
    os: str = ""
    os_version: str = ""
    model: str = ""
    software: Mapping[str, Any] = field(default_factory=dict)
    sims: Sequence[Mapping[str, Any]] = ()
    accepted_sims: Sequence[str] | None = None
    location: Mapping[str, Any] = field(default_factory=dict)
    last_seen: datetime | None = None
    wanted: Wanted = field(default_factory=Wanted)
    zone: tzinfo = UTC


def facts(known: Known, now: datetime) -> dict[str, Any]:
    """Return the facts that rules name.

    `configuration_lag_hours` is 0 while what is wanted is applied, else the hours since it was
    wanted; a terminal that never applied anything has no such fact. `attested_patch_age_days` is 0
    where nothing is attested: other rules judge that. `silent_hours` count from the last contact.
    """
    result = {name: value for name, value in known.posture.items() if value is not None}
    result["attestation_failed"] = known.attested.result == "failed"
    result["attested"] = known.attested.result == "verified"
    proven = known.attested.patch_level
    result["attested_patch_age_days"] = (now.date() - proven).days if proven else 0
    if known.patch_level is not None:
        result["patch_age_days"] = (now.date() - known.patch_level).days
    for name in ("agent_version", "os_version", "os", "model"):
        if getattr(known, name):
            result[name] = getattr(known, name)
    if known.desired_hash and known.applied_hash == known.desired_hash:
        result["configuration_lag_hours"] = 0.0
    elif known.applied_hash and known.desired_at is not None:
        result["configuration_lag_hours"] = (now - known.desired_at).total_seconds() / 3600
    if known.last_seen is not None:
        result["silent_hours"] = (now - known.last_seen).total_seconds() / 3600
    return result | _software(known) | _surroundings(known, now)


def cards(sims: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the SIMs in a terminal by ICCID, in order: what an admin accepts."""
    return sorted(str(sim.get("iccid", "")) for sim in sims)


def _software(known: Known) -> dict[str, Any]:
    """Without a word on what is installed nothing is known of it, unless nothing is asked."""
    wanted, installed = known.wanted, known.software.keys()
    if not installed:
        asked = {
            "required_apps_missing": wanted.required,
            "forbidden_apps_installed": wanted.blocked,
        }
        return {name: 0 for name, packages in asked.items() if not packages}
    return {
        "apps": frozenset(installed),
        "required_apps_missing": len(wanted.required - installed),
        "forbidden_apps_installed": len(wanted.blocked & installed),
    }


def _surroundings(known: Known, now: datetime) -> dict[str, Any]:
    result: dict[str, Any] = {
        "outside_hours": out_of_hours(known.wanted.time, now.astimezone(known.zone))
    }
    away = outside(known.wanted.geo, known.location, now)
    if away is not None:
        result["outside_fence"] = away
    if known.accepted_sims is not None:
        result["sim_changed"] = cards(known.sims) != sorted(known.accepted_sims)
    return result
