"""Putting a revision into force, taking it back; with a second person where many terminals follow."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from mdm.configuration import desired, revisions, scopes
from mdm.configuration.access import PUBLISH, target
from mdm.configuration.changes import changes
from mdm.configuration.errors import (
    NotADraft,
    NotInForce,
    Overtaken,
    PublicationAsked,
    PublicationChanged,
)
from mdm.configuration.models import Configuration
from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import content_hash

_AT_ONCE = ("device", "incident")


def publish(
    uow: UnitOfWork, actor: Actor, configuration_id: UUID, reason: str = ""
) -> Configuration | Approval:
    """Put a draft into force for its scope, or ask a second person if it concerns many terminals.

    Terminals below follow as fast as the worker compiles; one terminal's own layer is compiled at
    once. Raises `NotADraft`, `Overtaken` if another revision came into force since the draft was
    written, `PublicationAsked`.
    """
    row = revisions.find(uow, configuration_id, lock=True)
    if wide(uow, row):
        return _ask(uow, actor, row, reason)
    decision = guard.require(uow, actor, PUBLISH, _target(uow, row))
    decision.note(reason=reason.strip(), **_put(uow, row, actor, None, reason))
    return row


def roll_back(
    uow: UnitOfWork, actor: Actor, configuration_id: UUID, reason: str
) -> Configuration | Approval:
    """Put what a revision in force took the place of into force again, as a revision of its own.

    Once more goes one further back; before the first revision the layer was empty. Raises
    `NotInForce`. The second person is asked as for any publication.
    """
    row = revisions.find(uow, configuration_id, lock=True)
    earlier = revisions.before(uow, row)
    again = Configuration(
        id=uuid7(),
        scope_kind=row.scope_kind,
        scope_id=row.scope_id,
        revision=revisions.next_revision(uow, row.scope_kind, row.scope_id),
        document=earlier.document if earlier else {},
        restores=earlier.revision if earlier else 0,
        base=row.revision,
        created_by=actor.id,
    )
    guard.require(uow, actor, PUBLISH, _target(uow, again))
    if row.state != "published":
        raise NotInForce
    uow.session.add(again)
    uow.session.flush()
    return publish(uow, actor, again.id, reason)


def wide(uow: UnitOfWork, row: Configuration) -> bool:
    """Tell whether a second person must agree before this revision comes into force."""
    most = uow.kernel.settings.four_eyes_terminals
    some = scopes.concerned(uow, row.scope_kind, row.scope_id).order_by(None).limit(most + 1)
    count = uow.session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return count > most


def asked(uow: UnitOfWork, row: Configuration) -> Approval | None:
    """Return the open request to publish this draft, if there is one."""
    return approvals.open_for(uow, PUBLISH, str(row.id)) if row.state == "draft" else None


class PublishExecutor:
    """Puts an approved draft into force, if it is still what was asked for."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the drafts as they are today, locked."""
        rows = [revisions.find(uow, UUID(one), lock=True) for one in resource_ids]
        return [_target(uow, row) for row in rows]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Compare with what was frozen, then publish in both people's names."""
        row = revisions.find(uow, UUID(approval.resource_ids[0]))
        frozen = {key: approval.body[key] for key in ("content_hash", "base")}
        if frozen != {"content_hash": content_hash(row.document), "base": row.base}:
            raise PublicationChanged
        return _put(uow, row, requester, approver, approval.reason)


def _ask(uow: UnitOfWork, actor: Actor, row: Configuration, reason: str) -> Approval:
    waiting = asked(uow, row)
    title = scopes.titles(uow, [row.scope_id]).get(row.scope_id, "")
    approval = approvals.ask(
        uow,
        actor,
        PUBLISH,
        [_target(uow, row)],
        body={
            "scope": row.scope_kind,
            "revision": row.revision,
            "base": row.base,
            "content_hash": content_hash(row.document),
        },
        reason=reason,
        label=f"Publish configuration {row.scope_kind} {title}".strip() + f", {row.revision}",
    )
    if waiting is not None:
        raise PublicationAsked
    _refuse_stale(row, uow.session.scalar(revisions.in_force(row.scope_kind, row.scope_id)))
    return approval


def _put(
    uow: UnitOfWork, row: Configuration, by: Actor, approver: Actor | None, reason: str
) -> dict[str, Any]:
    """Let a draft take the place of what is in force; return what the audit log is to say."""
    if row.state != "draft":
        raise NotADraft
    before = revisions.supersede(uow, row.scope_kind, row.scope_id)
    _refuse_stale(row, before)
    row.state, row.published_by, row.published_at = "published", by.id, uow.now()
    row.approved_by, row.reason = approver.id if approver else None, reason.strip()[:1000]
    try:
        uow.session.flush()
    except IntegrityError as error:  # the other first revision of this layer was faster
        raise Overtaken from error
    concerned = uow.session.scalars(scopes.concerned(uow, row.scope_kind, row.scope_id)).all()
    if row.scope_kind in _AT_ONCE:
        desired.refresh(uow, concerned)
    else:
        desired.refresh_later(uow, concerned)
    differing = changes(before.document if before else {}, row.document)
    return {
        "scope": row.scope_kind,
        "revision": row.revision,
        "terminals": len(concerned),
        "keys": [change.key for change in differing][:50],
    }


def _refuse_stale(row: Configuration, current: Configuration | None) -> None:
    if row.state != "draft":
        raise NotADraft
    if row.base != (current.revision if current else 0):
        raise Overtaken


def _target(uow: UnitOfWork, row: Configuration) -> Target:
    return target(row, scopes.owner(uow, row.scope_kind, row.scope_id))
