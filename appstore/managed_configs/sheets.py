"""The values of an app as somebody may see them: secrets are hidden from who may not write them."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.managed_configs.layers import EVERYBODY
from appstore.managed_configs.models import AppConfig
from mdm.groups import Group
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Unit
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import canonical_json

MASK: Final = "•••"
WRITE: Final = "app.config.write"


@dataclass(frozen=True)
class Sheet:
    """The values for one scope. `editable`: the person who looks may change them."""

    scope: str
    group: Group | None
    values: dict[str, Any]
    secrets: tuple[str, ...]
    misfits: dict[str, Any]
    editable: bool
    version: int
    updated_by: UUID
    updated_at: datetime


def sheet(
    uow: UnitOfWork,
    actor: Actor,
    app: App,
    row: AppConfig,
    group: Group | None,
    hidden: Collection[str],
) -> Sheet:
    """Return one row as a person may see it; `hidden` are the keys that any scope calls secret."""
    editable = guard.may(uow, actor, WRITE, target(uow, actor, app, group))
    return Sheet(
        str(row.group_id or EVERYBODY),
        group,
        row.document if editable else masked(row.document, hidden),
        tuple(row.secrets),
        {code: keys for code, keys in row.misfits.items() if keys},
        editable,
        row.version,
        row.updated_by,
        row.updated_at,
    )


def target(uow: UnitOfWork, actor: Actor, app: App, group: Group | None) -> Target:
    """Return the values of an app for a scope as the guard sees them."""
    own = guard.may(uow, actor, "app.catalogue.edit", lookup.target(uow, app))
    if group is not None:
        path = uow.kernel.people.unit(group.unit_id).path
    else:
        root = select(Unit.path).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
        path = uow.session.scalars(root).one()
    name = f"{app.package}/{group.id if group else EVERYBODY}"
    return Target("AppConfig", name, {"own": own}, path)


def masked(document: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """Return values with those of secret keys hidden."""
    return {key: MASK if key in hidden else value for key, value in document.items()}


def fingerprint(uow: UnitOfWork, value: Any) -> str:
    """Return what the log says of a value that may be a secret: a keyed hash, the key's id first."""
    key_id, secret = uow.kernel.keys.secret("audit_index")
    return f"{key_id}:{hmac.digest(secret, canonical_json(value), 'sha256')[:16].hex()}"
