"""What people do with configuration: draft a layer, look at it, see what a terminal gets and why.

`publishing.py` puts drafts into force, `following.py` says who follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mdm.configuration import changes, compiled, impact, layers, publishing, revisions, scopes
from mdm.configuration.access import PUBLISH, WRITE, target
from mdm.configuration.changes import Change
from mdm.configuration.effective import Effective
from mdm.configuration.errors import NotADraft
from mdm.configuration.impact import Impact
from mdm.configuration.json_schema import json_schema
from mdm.configuration.models import Configuration
from mdm.configuration.secrets import holds_secrets, masked
from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

LIST = "mdm.configuration.list"


@dataclass(frozen=True)
class Sheet:
    """One revision as somebody may see it: secrets are hidden unless they may write the layer."""

    row: Configuration
    document: dict[str, Any]
    title: str

    @property
    def scope_name(self) -> str | None:
        """The class or role that the layer governs."""
        return scopes.name_of(self.row.scope_id) or None


@dataclass(frozen=True)
class Spoken:
    """One layer that speaks to a terminal, and the revision of it that is in force."""

    name: str
    kind: str
    configuration_id: UUID


@dataclass(frozen=True)
class Sight:
    """What a terminal is to be, layer by layer, and what it said it applied."""

    terminal: Terminal
    effective: Effective
    layers: tuple[Spoken, ...]

    @property
    def lagging(self) -> bool:
        """Whether the terminal still has to echo the current hash."""
        return self.terminal.managed.lagging


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    scope_kind: str | None = None,
    scope_id: UUID | None = None,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Sheet]:
    """Return up to `limit + 1` revisions, newest first."""
    guard.require(uow, actor, LIST, guard.FORCE)
    query = select(Configuration).order_by(Configuration.id.desc()).limit(limit + 1)
    wanted = {"scope_kind": scope_kind, "scope_id": scope_id, "state": state}
    query = query.filter_by(**{key: value for key, value in wanted.items() if value is not None})
    if after is not None:
        query = query.where(Configuration.id < after)
    return _sheets(uow, actor, uow.session.scalars(query).all())


def draft(
    uow: UnitOfWork,
    actor: Actor,
    *,
    scope_kind: str,
    scope_id: UUID | None,
    document: dict[str, Any],
    scope_name: str | None = None,
) -> Sheet:
    """Keep a new revision of a layer as a draft. `document` has passed `ConfigurationDocument`."""
    scope = scopes.scope_id(scope_kind, scope_id, scope_name)
    row = Configuration(
        id=uuid7(),
        scope_kind=scope_kind,
        scope_id=scope,
        revision=revisions.next_revision(uow, scope_kind, scope),
        base=_base(uow, scope_kind, scope),
        document=document,
        created_by=actor.id,
    )
    guard.require(uow, actor, WRITE, target_of(uow, row))
    uow.session.add(row)
    uow.session.flush()
    return sheet(uow, actor, row)


def revise(
    uow: UnitOfWork, actor: Actor, configuration_id: UUID, document: dict[str, Any], version: int
) -> Sheet:
    """Replace the document of a draft; `version` is the one read.

    Whoever saves has seen what is in force now: that is what the draft is based on from here.
    """
    row = revisions.find(uow, configuration_id)
    guard.require(uow, actor, WRITE, target_of(uow, row))
    if row.state != "draft":
        raise NotADraft
    if row.version != version:
        raise StaleVersion
    row.document, row.base = document, _base(uow, row.scope_kind, row.scope_id)
    uow.session.flush()
    return sheet(uow, actor, row)


def read(uow: UnitOfWork, actor: Actor, configuration_id: UUID) -> Sheet:
    """Return one revision."""
    guard.require(uow, actor, LIST, guard.FORCE)
    return sheet(uow, actor, revisions.find(uow, configuration_id))


def in_force(uow: UnitOfWork, actor: Actor, kind: str, scope_id: UUID) -> Sheet | None:
    """Return the published revision of a layer, if there is one."""
    guard.require(uow, actor, LIST, guard.FORCE)
    row = uow.session.scalar(revisions.in_force(kind, scope_id))
    return sheet(uow, actor, row) if row else None


def differences(uow: UnitOfWork, actor: Actor, configuration_id: UUID) -> list[Change]:
    """Return key by key what a revision changes against the one in force of its layer."""
    guard.require(uow, actor, LIST, guard.FORCE)
    row = revisions.find(uow, configuration_id)
    current = uow.session.scalar(revisions.in_force(row.scope_kind, row.scope_id))
    return changes.changes(current.document if current else {}, row.document)


def preview(uow: UnitOfWork, actor: Actor, configuration_id: UUID) -> Impact:
    """Return what publishing a draft would do to the terminals; nothing is written."""
    guard.require(uow, actor, LIST, guard.FORCE)
    return impact.of_draft(uow, revisions.find(uow, configuration_id))


def schema(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """Return the JSON Schema of a document."""
    guard.require(uow, actor, LIST, guard.FORCE)
    return json_schema()


def may(uow: UnitOfWork, actor: Actor, row: Configuration, action: str = PUBLISH) -> bool:
    """Tell whether the actor might write or publish a layer, to offer or hide a button."""
    return guard.may(uow, actor, action, target_of(uow, row))


def sight(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Sight:
    """Return what a terminal is to be and which layer says so."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    stack = layers.stacks(uow, [device_id])[device_id]
    effective = compiled.effectives(uow, [stack])[stack]
    spoken = tuple(Spoken(ref.name, ref.kind, ref.configuration_id) for ref in stack)
    return Sight(terminal, _veiled(uow, actor, effective, spoken), spoken)


def sheet(uow: UnitOfWork, actor: Actor, row: Configuration) -> Sheet:
    """Return a revision as this person may see it; nothing is decided about the rest."""
    return _sheets(uow, actor, [row])[0]


def target_of(uow: UnitOfWork, row: Configuration) -> Target:
    """Return a revision as the guard sees it."""
    return target(row, scopes.owner(uow, row.scope_kind, row.scope_id))


def asked(uow: UnitOfWork, row: Configuration) -> UUID | None:
    """Return the id of the open request to publish a draft."""
    approval = publishing.asked(uow, row)
    return approval.id if approval else None


def _sheets(uow: UnitOfWork, actor: Actor, rows: Sequence[Configuration]) -> list[Sheet]:
    titles = scopes.titles(uow, {row.scope_id for row in rows})
    return [Sheet(row, _shown(uow, actor, row), titles.get(row.scope_id, "")) for row in rows]


def _shown(uow: UnitOfWork, actor: Actor, row: Configuration) -> dict[str, Any]:
    if not holds_secrets(row.document) or may(uow, actor, row, WRITE):
        return row.document
    return masked(row.document)


def _veiled(
    uow: UnitOfWork, actor: Actor, effective: Effective, spoken: Sequence[Spoken]
) -> Effective:
    """Hide the secrets that come from layers which this person may not write."""
    if not holds_secrets(effective.values):
        return effective
    ids = {one.name: one.configuration_id for one in spoken}
    return Effective(
        {
            key: masked({key: value})[key]
            if not _writes(uow, actor, ids.get(effective.provenance.get(key, "")))
            else value
            for key, value in effective.values.items()
        },
        effective.provenance,
    )


def _writes(uow: UnitOfWork, actor: Actor, configuration_id: UUID | None) -> bool:
    if configuration_id is None:
        return False
    return may(uow, actor, revisions.find(uow, configuration_id), WRITE)


def _base(uow: UnitOfWork, kind: str, scope_id: UUID) -> int:
    row = uow.session.scalar(revisions.in_force(kind, scope_id))
    return row.revision if row else 0
