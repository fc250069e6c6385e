"""An actor and a target as Cedar entities and context: what the policies can see."""

from datetime import datetime
from typing import Any

from muster.kernel.guard.fragments import Target
from muster.kernel.identity.actor import Actor
from muster.kernel.settings import Settings


def principal(actor: Actor) -> tuple[str, str]:
    """Return the type and id of the principal entity."""
    if actor.person is not None:
        return "Officer", str(actor.person.id)
    if actor.device is not None:
        return "Terminal", str(actor.device.id)
    return "System", actor.app.name if actor.app else actor.kind


def entities(actor: Actor, target: Target, at: datetime) -> list[dict[str, Any]]:
    """Return the principal, the target and every unit either belongs to, with its ancestors."""
    kind, name = principal(actor)
    attributes, paths = _principal_attributes(actor, at)
    resource = {key: value for key, value in target.attributes.items() if value is not None}
    if target.unit is not None:
        paths.add(target.unit)
        resource["unit"] = _unit_of(target.unit)
    graph = [
        {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": []},
        {"uid": {"type": target.type, "id": target.id}, "attrs": resource, "parents": []},
    ]
    return graph + units(paths)


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
    return {
        "surface": actor.surface,
        "zone": actor.origin.zone,
        "aal": actor.aal,
        "app": actor.app.name if actor.app else "",
        "scopes": list(actor.scope or (actor.app.scopes if actor.app else ())),
        "purpose": purpose,
        "case_ref": case_ref,
        "posture": posture(actor, settings, at),
    }


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


def _principal_attributes(actor: Actor, at: datetime) -> tuple[dict[str, Any], set[str]]:
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
        }, {person.unit_path}
    if actor.device is not None:
        return {"unit": _unit(actor.device.unit), "tier": actor.device.tier}, {
            actor.device.unit_path
        }
    return {}, set()


def _unit(code: str) -> dict[str, Any]:
    return {"__entity": {"type": "Unit", "id": code}}


def _unit_of(path: str) -> dict[str, Any]:
    return _unit(path.strip("/").rsplit("/", 1)[-1])
