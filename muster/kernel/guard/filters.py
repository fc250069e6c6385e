"""Lists see what single decisions would allow: residual policies compiled to one SQL condition.

The resource is left unknown and Cedar simplifies every policy; what remains becomes
`(OR of permits) AND NOT (OR of forbids)` over the columns a room's `access.py` names. A permit
that cannot be compiled grants nothing and a forbid that cannot refuses everything: a list may
show too little, never too much. Single records are still decided by `require`.
"""

import json
import logging
from collections.abc import Callable
from typing import Any, cast

import cedarpy
from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from muster.kernel.guard import facts
from muster.kernel.guard.edition import action_entity
from muster.kernel.guard.errors import GuardError
from muster.kernel.guard.fragments import ResourceType
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Unit
from muster.kernel.uow import UnitOfWork

_log = logging.getLogger("muster.guard")
Node = dict[str, Any]
Sql = ColumnElement[bool]


class _Opaque(Exception):
    """An expression that has no SQL form."""


def visible(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    type_name: str,
    *,
    purpose: str = "",
    case_ref: str = "",
) -> Sql:
    """Return the condition under which the actor may do `action` on rows of a resource type.

    The columns come from the type's attributes. Record the listing itself with `require`.
    """
    guard = uow.kernel.guard
    declared = guard.actions.get(action)
    if declared is None or declared.resource != type_name:
        raise GuardError(f"{action!r} on {type_name} is not declared in any access.py")
    subject = facts.subject(actor, uow.now())
    edition = guard.edition
    at = None if subject.path is None else subject.path.strip("/").split("/")
    result = cedarpy.is_authorized_partial(
        {
            "principal": f"{subject.kind}::{json.dumps(subject.id)}",
            "action": f"Action::{json.dumps(action)}",
            "context": facts.context(
                actor, guard.settings, uow.now(), purpose or actor.purpose, case_ref
            ),
        },
        edition.slice_of_any(subject.kind, action, at),
        [*subject.entities, action_entity(declared)],
    )
    if result.diagnostics.errors:
        return false()
    compiler = _Compiler(guard.resources[type_name])
    permits, forbids = [], []
    for policy in result.residuals.values():
        if policy["effect"] == "permit":
            permits.append(compiler.policy(policy, otherwise=false()))
        else:
            forbids.append(compiler.policy(policy, otherwise=true()))
    return and_(or_(false(), *permits), not_(or_(false(), *forbids)))


class _Compiler:
    """Turns Cedar's residual expressions over one unknown resource into SQL."""

    def __init__(self, resource: ResourceType) -> None:
        self._resource = resource
        self._nodes: dict[str, Callable[[Node], Sql]] = {
            "&&": lambda n: and_(self.condition(n["left"]), self.condition(n["right"])),
            "||": lambda n: or_(self.condition(n["left"]), self.condition(n["right"])),
            "!": lambda n: not_(self.condition(n["arg"])),
            "if-then-else": self._choose,
            "has": self._has,
            "is": lambda n: true() if n["entity_type"] == resource.name else false(),
            ".": lambda n: func.coalesce(self._column(n), false()),
            "in": self._in,
            "contains": self._contains,
            "==": self._equal,
            "<=": lambda n: self._compare(n, lambda a, b: a <= b),
            "<": lambda n: self._compare(n, lambda a, b: a < b),
            "Value": self._literal,
        }

    def policy(self, policy: Node, *, otherwise: Sql) -> Sql:
        """Compile one residual policy, or return `otherwise` if it has no SQL form."""
        try:
            parts = [
                self.condition(part["body"])
                if part["kind"] == "when"
                else not_(self.condition(part["body"]))
                for part in policy["conditions"]
            ]
        except _Opaque as why:
            _log.warning("policy %s has no SQL form: %s", policy["annotations"].get("id"), why)
            return otherwise
        return and_(true(), *parts)

    def condition(self, node: Node) -> Sql:
        """Compile one boolean expression."""
        ((operator, body),) = node.items()
        compiler = self._nodes.get(operator)
        if compiler is None:
            raise _Opaque(operator)
        return compiler(body)

    def _literal(self, value: Any) -> Sql:
        if value is True:
            return true()
        if value is False:
            return false()
        raise _Opaque("a value that is no condition")

    def _has(self, node: Node) -> Sql:
        attribute = self._resource.attributes.get(node["attr"])
        if attribute is not None and "unknown" in node["left"] and not attribute.optional:
            return true()
        return cast("Sql", self._attribute(node).column.isnot(None))

    def _choose(self, node: Node) -> Sql:
        condition = self.condition(node["if"])
        return or_(
            and_(condition, self.condition(node["then"])),
            and_(not_(condition), self.condition(node["else"])),
        )

    def _in(self, node: Node) -> Sql:
        column = self._unit_column(node["left"])
        codes = [_code(item) for item in node["right"].get("Set", [node["right"]])]
        # not LIKE: on SQLite it takes NORTH and north for the same unit
        below = or_(
            false(), *(func.replace(Unit.path, f"/{code}/", "") != Unit.path for code in codes)
        )
        return cast("Sql", column.in_(select(Unit.id).where(below)))

    def _contains(self, node: Node) -> Sql:
        values = node["left"].get("Set")
        if values is None:
            raise _Opaque("contains over a stored set")
        column = self._column(node["right"].get(".", {}))
        return cast("Sql", column.in_([_plain(item) for item in values]))

    def _equal(self, node: Node) -> Sql:
        left, right = node["left"], node["right"]
        if "Value" in left:
            left, right = right, left
        if isinstance(right.get("Value"), dict):
            code = _code(right)
            units = select(Unit.id).where(Unit.code == code)
            return cast("Sql", self._unit_column(left).in_(units))
        return cast("Sql", self._column(left.get(".", {})) == _plain(right))

    def _compare(self, node: Node, compare: Callable[[Any, Any], Sql]) -> Sql:
        sides = [
            _plain(side) if "Value" in side else self._column(side.get(".", {}))
            for side in (node["left"], node["right"])
        ]
        return compare(*sides)

    def _unit_column(self, node: Node) -> Any:
        attribute = self._attribute(node.get(".", {}))
        if attribute.type != "Unit":
            raise _Opaque("only units have a tree")
        return attribute.column

    def _column(self, node: Node) -> Any:
        attribute = self._attribute(node)
        if attribute.type == "Unit":
            raise _Opaque("a unit compared as a value")
        return attribute.column

    def _attribute(self, node: Node) -> Any:
        attribute = self._resource.attributes.get(node.get("attr", ""))
        if "unknown" not in node.get("left", {}) or attribute is None or attribute.column is None:
            raise _Opaque(f"attribute {node.get('attr')!r} has no column")
        return attribute


def _plain(node: Node) -> Any:
    if "Value" not in node or isinstance(node["Value"], dict):
        raise _Opaque("not a plain value")
    return node["Value"]


def _code(node: Node) -> str:
    entity = node.get("Value", {}) if isinstance(node.get("Value"), dict) else {}
    if entity.get("__entity", {}).get("type") != "Unit":
        raise _Opaque("not a unit")
    return str(entity["__entity"]["id"])
