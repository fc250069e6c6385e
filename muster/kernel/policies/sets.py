"""Sets of access policies as people work on them: draft, revise, check, compare, give up."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from muster.kernel import approvals, guard
from muster.kernel.errors import InvalidInput, StaleVersion
from muster.kernel.guard import Edition, Own, Target
from muster.kernel.identity import Actor, Unit
from muster.kernel.ids import uuid7
from muster.kernel.policies.composed import (
    Composed,
    Document,
    Located,
    compose,
    document_of,
    faults,
)
from muster.kernel.policies.errors import (
    NotADraftSet,
    PolicySetInvalid,
    PolicySetNotFound,
    PublicationWaiting,
)
from muster.kernel.policies.models import AccessPolicySet, Publication
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import content_hash

PUBLISH = "access.policy.publish"


@dataclass(frozen=True)
class Checked:
    """A set as Cedar: the edition it would make, or what is wrong with it."""

    composed: Composed
    edition: Edition | None
    flaws: tuple[Located, ...]


@dataclass(frozen=True)
class RuleChange:
    """One rule that differs between two sets; '' where there is none."""

    rule: str
    change: str
    before: str
    after: str


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[AccessPolicySet]:
    """Return up to `limit + 1` sets, newest first."""
    guard.require(uow, actor, "access.policy.read", guard.FORCE)
    query = select(AccessPolicySet).order_by(AccessPolicySet.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(AccessPolicySet.id < after)
    return uow.session.scalars(query).all()


def publications(
    uow: UnitOfWork, actor: Actor, *, after: int | None = None, limit: int = 50
) -> Sequence[Publication]:
    """Return up to `limit + 1` publications and shadows, newest first."""
    guard.require(uow, actor, "access.policy.read", guard.FORCE)
    query = select(Publication).order_by(Publication.epoch.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(Publication.epoch < after)
    return uow.session.scalars(query).all()


def read(uow: UnitOfWork, actor: Actor, set_id: UUID) -> AccessPolicySet:
    """Return one set."""
    decision = guard.require(uow, actor, "access.policy.read", guard.FORCE)
    row = find(uow, set_id)
    decision.note(set=row.number)
    return row


def create(
    uow: UnitOfWork,
    actor: Actor,
    *,
    title: str,
    note: str = "",
    document: Document | None = None,
    based_on: int | None = None,
) -> AccessPolicySet:
    """Begin a draft: from a document, from an earlier set, or from the one in force.

    Raises `PolicySetInvalid` for a document whose forms do not hold together.
    """
    decision = guard.require(uow, actor, "access.policy.draft", target(uow))
    base = in_force(uow).number if based_on is None else based_on
    start = _of_number(uow, base) if base else None
    if document is None:
        document = document_of(start.document) if start is not None else Document()
    _refuse_faults(uow, document)
    row = AccessPolicySet(
        id=uuid7(),
        number=(uow.session.scalar(select(func.max(AccessPolicySet.number))) or 0) + 1,
        title=title,
        note=note,
        based_on=base,
        document={},
        off=[],
        created_by=actor.id,
    )
    _write(row, document)
    uow.session.add(row)
    uow.session.flush()
    decision.note(set=row.number, based_on=base)
    return row


def revise(
    uow: UnitOfWork,
    actor: Actor,
    set_id: UUID,
    version: int,
    *,
    document: Document,
    title: str | None = None,
    note: str | None = None,
) -> AccessPolicySet:
    """Replace a draft's document; `version` is the one read. Its Cedar may still be wrong."""
    row = find(uow, set_id, lock=True)
    guard.require(uow, actor, "access.policy.draft", target(uow, row)).note(set=row.number)
    if row.version != version:
        raise StaleVersion
    refuse_fixed(uow, row)
    _refuse_faults(uow, document)
    _write(row, document)
    row.title = row.title if title is None else title
    row.note = row.note if note is None else note
    uow.session.flush()
    return row


def discard(uow: UnitOfWork, actor: Actor, set_id: UUID) -> AccessPolicySet:
    """Give a draft up; it stays readable."""
    row = find(uow, set_id, lock=True)
    guard.require(uow, actor, "access.policy.draft", target(uow, row)).note(set=row.number)
    refuse_fixed(uow, row)
    row.state = "discarded"
    uow.session.flush()
    return row


def check(uow: UnitOfWork, row: AccessPolicySet) -> Checked:
    """Return the edition a set would make today, or its flaws. Ask the guard before."""
    composed = compose(document_of(row.document))
    layered = uow.kernel.guard.layer(Own(row.text, frozenset(row.off), row.number))
    return Checked(composed, layered.edition, tuple(composed.located(layered.flaws)))


def sound(uow: UnitOfWork, row: AccessPolicySet) -> Edition:
    """Return the edition a set would make, or raise `PolicySetInvalid` with every flaw."""
    checked = check(uow, row)
    if checked.edition is None:
        raise PolicySetInvalid.of(checked.flaws)
    return checked.edition


def changes(before: Edition, after: Edition) -> list[RuleChange]:
    """Return the rules that two editions do not share, by name."""
    found = []
    for name in sorted(before.rules.keys() | after.rules.keys()):
        old, new = before.rules.get(name), after.rules.get(name)
        if old is None and new is not None:
            found.append(RuleChange(name, "added", "", new.text))
        elif old is not None and new is None:
            gone = "switched off" if old.layer == "shipped" else "removed"
            found.append(RuleChange(name, gone, old.text, ""))
        elif old is not None and new is not None and old.text != new.text:
            found.append(RuleChange(name, "changed", old.text, new.text))
    return found


def difference(before: str, after: str) -> str:
    """Return a unified diff of two texts."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return "\n".join(lines)


def in_force(uow: UnitOfWork) -> Edition:
    """Return the edition this process judges by."""
    return uow.kernel.guard.edition


def find(uow: UnitOfWork, set_id: UUID, *, lock: bool = False) -> AccessPolicySet:
    """Return a set, or raise `PolicySetNotFound`."""
    row = uow.session.get(AccessPolicySet, set_id, with_for_update=lock)
    if row is None:
        raise PolicySetNotFound
    return row


def target(uow: UnitOfWork, row: AccessPolicySet | None = None) -> Target:
    """Return a set as the guard sees it: it belongs to the root of the tree, as it rules it all."""
    root = select(Unit.path).where(Unit.parent_id.is_(None)).order_by(Unit.code).limit(1)
    path = uow.session.scalar(root)
    return Target("AccessPolicySet", str(row.id) if row else "new", unit=path or "/")


def waiting(uow: UnitOfWork, row: AccessPolicySet) -> approvals.Approval | None:
    """Return the open request to publish a set."""
    return approvals.open_for(uow, PUBLISH, str(row.id))


def refuse_fixed(uow: UnitOfWork, row: AccessPolicySet) -> None:
    """Refuse to change what was published, given up, or waits for a second person."""
    if row.state != "draft":
        raise NotADraftSet
    if waiting(uow, row) is not None:
        raise PublicationWaiting


def hash_of(row: AccessPolicySet) -> str:
    """Return the hash over what the guard would read."""
    return content_hash({"text": row.text, "off": sorted(row.off)})


def _of_number(uow: UnitOfWork, number: int) -> AccessPolicySet:
    row = uow.session.scalar(select(AccessPolicySet).where(AccessPolicySet.number == number))
    if row is None:
        raise PolicySetNotFound(f"There is no set {number}.")
    return row


def _write(row: AccessPolicySet, document: Document) -> None:
    composed = compose(document)
    row.document = document.as_dict()
    row.text, row.off = composed.text, list(composed.off)
    row.content_hash = hash_of(row)


def _refuse_faults(uow: UnitOfWork, document: Document) -> None:
    found = faults(uow.kernel.guard, document)
    if found:
        raise InvalidInput(errors=found)
