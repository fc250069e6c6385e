"""An actor and a target as Cedar entities and context: what the policies can see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from muster.kernel.guard.fragments import Target
from muster.kernel.identity.actor import Actor, Person
from muster.kernel.settings import Settings


@dataclass(frozen=True)
class Subject:
    """Who acts, as Cedar sees them: the entity, its units, and the path of its own unit."""

    kind: str
    id: str
    path: str | None
    entities: list[dict[str, Any]]


def principal(actor: Actor) -> tuple[str, str]:
    """Return the type and id of the principal entity."""
    if actor.person is not None:
        return "Officer", str(actor.person.id)
    if actor.device is not None:
        return "Terminal", str(actor.device.id)
    return "System", actor.app.name if actor.app else actor.kind


def subject(actor: Actor, at: datetime) -> Subject:
    """Return the principal with every unit above it."""
    kind, name = principal(actor)
    attributes, path = _principal_attributes(actor, at)
    who = {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": []}
    return Subject(kind, name, path, [who, *units({path} if path else set())])


def resource(target: Target) -> list[dict[str, Any]]:
    """Return the target with every unit above it."""
    attributes = {key: value for key, value in target.attributes.items() if value is not None}
    uid = {"type": target.type, "id": target.id}
    what = {"uid": uid, "attrs": attributes, "parents": []}
    if target.unit is None:
        return [what]
    attributes["unit"] = _unit_of(target.unit)
    return [what, *units({target.unit})]


def units(paths: set[str]) -> list[dict[str, Any]]:
    """Return the unit entities named by materialised paths such as `/CITY/NORTH/`."""
    seen: dict[str, str | None] = {}
    for path in paths:
        parent: str | None = None
        for code in path.strip("/").split("/"):
            if parent is not None or code not in seen:
                seen[code] = parent
            parent = code
    return [
        {
            "uid": {"type": "Unit", "id": code},
            "attrs": {},
            "parents": [{"type": "Unit", "id": parent}] if parent else [],
        }
        for code, parent in seen.items()
    ]


def context(
    actor: Actor, settings: Settings, at: datetime, purpose: str, case_ref: str
) -> dict[str, Any]:
    """Return the circumstances of a decision."""
    local = at.astimezone(settings.timezone)
    return {
        "surface": actor.surface,
        "zone": actor.origin.zone,
        "aal": actor.aal,
        "amr": list(actor.amr),
        "must_change_secret": actor.must_change,
        "recent_sign_in": recent_sign_in(actor, settings, at),
        "app": actor.app.name if actor.app else "",
        "sandbox": actor.app.sandbox if actor.app else False,
        "time": {"weekday": local.isoweekday(), "minute": local.hour * 60 + local.minute},
        "scopes": list(actor.scope),
        "purpose": purpose,
        "case_ref": case_ref,
        "posture": posture(actor, settings, at),
    }


def recent_sign_in(actor: Actor, settings: Settings, at: datetime) -> bool:
    """Whether the person showed who they are within the last minutes, as grave acts ask."""
    if actor.auth_at is None:
        return False
    since = at - actor.auth_at  # a minute early: clocks of two workers differ
    return timedelta(minutes=-1) <= since <= timedelta(minutes=settings.step_up_minutes)


def duty(person: Person, at: datetime) -> str:
    """Return `on` or `off` as the roster says, `unknown` where there is none for this officer."""
    if person.duty_until is None:
        return "unknown"
    return "on" if at < person.duty_until else "off"


def posture(actor: Actor, settings: Settings, at: datetime) -> dict[str, Any]:
    """Return what is known of the terminal; a console request has none."""
    device = actor.device
    if device is None:
        return {"present": False, "state": "", "tier": 0, "fresh": True, "dead": False}
    minutes = device.age(at).total_seconds() / 60
    return {
        "present": True,
        "state": device.state,
        "tier": device.tier,
        "fresh": minutes <= settings.posture_fresh_minutes,
        "dead": minutes > settings.posture_dead_hours * 60,
    }


def _principal_attributes(actor: Actor, at: datetime) -> tuple[dict[str, Any], str | None]:
    if actor.person is not None:
        person = actor.person
        posts: dict[str, list[dict[str, Any]]] = {}
        for post in person.posts:
            if post.holds(at):
                posts.setdefault(post.role, []).append(_unit(post.unit))
        return {
            "sworn": person.sworn,
            "rank": person.rank,
            "unit": _unit(person.unit),
            "posts": posts,
            "certifications": [c.dataset for c in person.certifications if c.holds(at)],
            "duty": duty(person, at),
        }, person.unit_path
    if actor.device is not None:
        unit = _unit(actor.device.unit)
        return {"unit": unit, "tier": actor.device.tier}, actor.device.unit_path
    return {}, None


def _unit(code: str) -> dict[str, Any]:
    return {"__entity": {"type": "Unit", "id": code}}


def _unit_of(path: str) -> dict[str, Any]:
    return _unit(path.strip("/").rsplit("/", 1)[-1])
