"""What people do with managed configurations: see them, set them, take them away, try them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.managed_configs import audience
from appstore.managed_configs.declared import Declaration, declarations, misfits
from appstore.managed_configs.errors import (
    AppConfigInvalid,
    AppConfigNotFound,
    AppConfigUndeclared,
)
from appstore.managed_configs.layers import EVERYBODY
from appstore.managed_configs.models import AppConfig
from appstore.managed_configs.restrictions import Declared, faults, pointer
from appstore.managed_configs.sheets import WRITE, Sheet, fingerprint, sheet, target
from mdm.groups import Group, groups_in
from muster.kernel import guard
from muster.kernel.errors import Fault, StaleVersion
from muster.kernel.guard import Decision
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

_MOST_SCOPES: Final = 500
_MOST_NOTED: Final = 100


@dataclass(frozen=True)
class Overview:
    """An app's declaration, None if nothing is approved, and all values set for it."""

    app: App
    declaration: Declaration | None
    items: Sequence[Sheet]


def listing(uow: UnitOfWork, actor: Actor, package: str) -> Overview:
    """Return what an app can be told and what it is told: everybody's first, groups by their rank."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    app = lookup.find(uow, package)
    query = (
        select(AppConfig, Group)
        .outerjoin(Group, Group.id == AppConfig.group_id)
        .where(AppConfig.app_id == app.id)
        .order_by(AppConfig.group_id.is_not(None), Group.priority, Group.id)
        .limit(_MOST_SCOPES)
    )
    rows = uow.session.execute(query).all()
    hidden = {key for row, _ in rows for key in row.secrets}
    sheets = [sheet(uow, actor, app, row, group, hidden) for row, group in rows]
    return Overview(app, next(iter(declarations(uow, app.id)), None), sheets)


def put(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    group_id: UUID | None,
    *,
    values: dict[str, Any],
    secrets: Sequence[str],
    version: int,
) -> Sheet:
    """Set all values of an app for a group, None: for everybody; `version` is the one read, 0: none.

    Terminals follow by the worker. Raises `AppConfigUndeclared`, or `AppConfigInvalid` with a
    pointer to each value that the newest approved release does not take.
    """
    app, group, row, decision = _writable(uow, actor, package, group_id, version)
    declared = declarations(uow, app.id)
    if not declared or not declared[0].restrictions:
        raise AppConfigUndeclared
    _refuse(declared[0].restrictions, values, secrets)
    before = row.document if row else {}
    if row is None:
        row = AppConfig(id=uuid7(), app_id=app.id, group_id=group_id)
        uow.session.add(row)
    row.document, row.secrets = values, sorted(set(secrets))
    row.misfits, row.updated_by = misfits(declared, values), actor.id
    uow.session.flush()
    _note(uow, decision, before, values, audience.refresh(uow, app, group_id))
    return sheet(uow, actor, app, row, group, ())


def remove(
    uow: UnitOfWork, actor: Actor, package: str, group_id: UUID | None, version: int
) -> None:
    """Take an app's values for a group away; `version` is the one read. `AppConfigNotFound`."""
    app, _, row, decision = _writable(uow, actor, package, group_id, version)
    if row is None:
        raise AppConfigNotFound
    uow.session.delete(row)
    uow.session.flush()
    _note(uow, decision, row.document, {}, audience.refresh(uow, app, group_id))


def _writable(
    uow: UnitOfWork, actor: Actor, package: str, group_id: UUID | None, version: int
) -> tuple[App, Group | None, AppConfig | None, Decision]:
    app = lookup.find(uow, package, lock=True)
    group = groups_in(uow, [group_id])[0] if group_id else None
    decision = guard.require(uow, actor, WRITE, target(uow, actor, app, group))
    query = select(AppConfig).where(
        AppConfig.app_id == app.id, AppConfig.group_id.is_not_distinct_from(group_id)
    )
    row = uow.session.scalar(query)
    if (row.version if row else 0) != version:
        raise StaleVersion
    return app, group, row, decision


def _refuse(declared: Declared, values: Mapping[str, Any], secrets: Sequence[str]) -> None:
    found = faults(declared, values, "/values")
    found += [
        Fault(pointer("/secrets", number), "No value of this key is set.")
        for number, key in enumerate(secrets)
        if key not in values
    ]
    if found:
        raise AppConfigInvalid(errors=found)


def _note(
    uow: UnitOfWork,
    decision: Decision,
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    terminals: int,
) -> None:
    """The log tells which keys changed and, by hashes, whether two values were the same."""
    changed = sorted(key for key, value in now.items() if key not in before or before[key] != value)
    decision.note(
        scope=decision.entry.resource_id.rpartition("/")[2] or EVERYBODY,
        changed={key: fingerprint(uow, now[key]) for key in changed[:_MOST_NOTED]},
        removed=sorted(before.keys() - now.keys())[:_MOST_NOTED],
        terminals=terminals,
    )
