"""The Cedar schema joined from every fragment (Cedar's JSON schema format)."""

from collections.abc import Iterable
from typing import Any

from muster.kernel.guard.errors import GuardError
from muster.kernel.guard.fragments import GROUPS, Action, CedarType, Fragment, ResourceType
from muster.kernel.identity.roles import ROLES

_STRING = {"type": "String"}
_LONG = {"type": "Long"}
_BOOL = {"type": "Boolean"}
_STRINGS = {"type": "Set", "element": _STRING}
_UNIT = {"type": "Entity", "name": "Unit"}
_TYPES: dict[CedarType, dict[str, Any]] = {
    "String": _STRING,
    "Long": _LONG,
    "Bool": _BOOL,
    "Unit": _UNIT,
    "Set<String>": _STRINGS,
}
_POSTS = {role: {"type": "Set", "element": _UNIT, "required": False} for role in ROLES}
_CONTEXT = {
    "surface": _STRING,
    "zone": _STRING,
    "aal": _LONG,
    "amr": _STRINGS,
    "must_change_secret": _BOOL,
    "recent_sign_in": _BOOL,
    "app": _STRING,
    "sandbox": _BOOL,
    "scopes": _STRINGS,
    "time": {
        "type": "Record",
        "attributes": {"weekday": _LONG, "minute": _LONG},
    },
    "purpose": _STRING,
    "case_ref": _STRING,
    "posture": {
        "type": "Record",
        "attributes": {
            "present": _BOOL,
            "state": _STRING,
            "tier": _LONG,
            "fresh": _BOOL,
            "dead": _BOOL,
        },
    },
}


def _record(attributes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Record", "attributes": attributes}


_PRINCIPALS: dict[str, Any] = {
    "Unit": {"memberOfTypes": ["Unit"]},
    "Officer": {
        "shape": _record(
            {
                "sworn": _BOOL,
                "rank": _LONG,
                "unit": _UNIT,
                "posts": _record(_POSTS),
                "certifications": _STRINGS,
                "duty": _STRING,
            }
        )
    },
    "Terminal": {"shape": _record({"unit": _UNIT, "tier": _LONG})},
    "System": {},
    "Force": {},
}


def build(fragments: Iterable[Fragment]) -> dict[str, Any]:
    """Return the joined schema; a type or action declared twice is a `GuardError`."""
    entities: dict[str, Any] = dict(_PRINCIPALS)
    actions: dict[str, Any] = {group: _group() for group in GROUPS}
    for fragment in fragments:
        for resource in fragment.resources:
            _add(entities, resource.name, _entity(resource))
        for action in fragment.actions:
            _add(actions, action.name, _action(action))
    for name, action_type in actions.items():
        for resource in action_type.get("appliesTo", {}).get("resourceTypes", ()):
            if resource not in entities:
                raise GuardError(f"action {name!r} acts on the unknown type {resource!r}")
    return {"": {"entityTypes": entities, "actions": actions}}


def _group() -> dict[str, Any]:
    """Let a group stand as an action itself, so that a rule about it fits an empty house."""
    principals = ("Officer", "Terminal")
    return _action(Action("group", "Force", principals=principals))


def _add(table: dict[str, Any], name: str, value: dict[str, Any]) -> None:
    if name in table:
        raise GuardError(f"{name!r} is declared by two features")
    table[name] = value


def _entity(resource: ResourceType) -> dict[str, Any]:
    shape = {
        name: {**_TYPES[attribute.type], "required": not attribute.optional}
        for name, attribute in resource.attributes.items()
    }
    return {"shape": _record(shape)}


def _action(action: Action) -> dict[str, Any]:
    return {
        "memberOf": [{"id": group} for group in action.parents],
        "appliesTo": {
            "principalTypes": list(action.principals),
            "resourceTypes": [action.resource],
            "context": _record(_CONTEXT),
        },
    }
