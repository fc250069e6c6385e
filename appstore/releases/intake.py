"""How a file becomes a release: spool, inspect, vet, then ask a second person.

No transaction is open while bytes arrive, are inspected or are stored. The rules judge twice: first
to know whether the file is worth storing, then again in the commit that records it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from appstore.apk import ApkError, ApkFacts
from appstore.catalogue.models import App
from appstore.releases import review
from appstore.releases.errors import ApkRefused, ReleaseRejected
from appstore.releases.history import history
from appstore.releases.inspection import inspect
from appstore.releases.models import Release
from appstore.releases.spool import spooled
from appstore.releases.states import move
from appstore.vetting.judge import Check, blocks, judge
from appstore.vetting.service import keep
from muster.kernel import guard
from muster.kernel.blobs import Stored
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

MEDIA_TYPE = "application/vnd.android.package-archive"
_HOURLY = 60


@dataclass(frozen=True)
class Vetted:
    """A release and what the rules said of it."""

    release: Release
    checks: Sequence[Check]


def receive(uow: UnitOfWork, actor: Actor, content: Iterable[bytes], notes: str = "") -> Vetted:
    """Take an APK from a publisher; on success it waits for a second person.

    The unit of work only carries the decision. Raises `ApkRefused` for a file that is no APK (and
    keeps nothing), `ReleaseRejected` for one that a rule blocks (and keeps why, not the file).
    """
    kernel = uow.kernel
    decision = guard.require(uow, actor, "app.release.submit", guard.FORCE)
    kernel.limits.hit("app.release.submit", str(actor.id), limit=_HOURLY, per_seconds=3600)
    with spooled(kernel.settings, content) as path:
        try:
            facts = inspect(kernel.settings, path)
        except ApkError as error:
            decision.note(refused=error.code)
            raise ApkRefused.of(error) from error
        release = fresh(uow, actor, uuid7(), notes)
        vetted = settle(kernel, actor, release, facts, path)
    decision.note(release=str(release.id), state=vetted.release.state)
    blocking = blocks(vetted.checks)
    if blocking:
        named = [{"rule": check.rule, "evidence": list(check.evidence)} for check in blocking]
        raise ReleaseRejected(release.id, named)
    return vetted


def fresh(uow: UnitOfWork, actor: Actor, release_id: UUID, notes: str) -> Release:
    """Return a release that has only just come in, not yet added to any session."""
    return Release(
        id=release_id,
        unit_id=_publishers_unit(uow, actor),
        submitted_by=actor.id,
        state="uploaded",
        notes=notes,
    )


def settle(kernel: Kernel, actor: Actor, release: Release, facts: ApkFacts, path: Path) -> Vetted:
    """Vet an inspected file and record the outcome: rejected, or stored and under review.

    `release` is new, or as it was read before; it is merged into the recording transaction.
    """
    with kernel.reads() as unit:
        early = judge(facts, history(unit, actor, facts).past)
    stored = None if blocks(early) else kernel.blobs.store_shared(path)
    with kernel.writes() as unit:
        known = history(unit, actor, facts, lock=True)
        checks = judge(facts, known.past)
        if stored is None and not blocks(checks):
            checks = early  # what blocked it is gone, but so are the bytes: upload it again
        row = unit.session.merge(release)
        _describe(row, facts)
        if row.state == "uploaded":
            move(unit, actor, row, "scanning", "received")
        if blocks(checks) or stored is None:
            _reject(unit, actor, row, known.app if known.past.owned else None, checks)
        else:
            _accept(unit, actor, row, known.app, facts, checks, stored)
    return Vetted(row, checks)


def _reject(
    uow: UnitOfWork, actor: Actor, release: Release, app: App | None, checks: Sequence[Check]
) -> None:
    if app is not None:
        release.app_id, release.unit_id = app.id, app.unit_id
    why = ", ".join(check.rule for check in blocks(checks))
    move(uow, actor, release, "rejected", f"blocked by {why}")
    uow.session.flush()
    keep(uow, release.id, checks)


def _accept(
    uow: UnitOfWork,
    actor: Actor,
    release: Release,
    app: App | None,
    facts: ApkFacts,
    checks: Sequence[Check],
    stored: Stored,
) -> None:
    owner = app or _claim(uow, release, facts)
    release.app_id, release.unit_id = owner.id, owner.unit_id
    release.blob_id = uow.kernel.blobs.record(uow, stored, MEDIA_TYPE).id
    move(uow, actor, release, "needs_review", "passes the rules that block")
    uow.session.flush()
    keep(uow, release.id, checks)
    review.ask(uow, actor, release)


def _claim(uow: UnitOfWork, release: Release, facts: ApkFacts) -> App:
    """Enter a new package for the publisher's unit; its signer is pinned with the approval."""
    app = App(
        id=uuid7(),
        package=facts.package,
        unit_id=release.unit_id,
        label=facts.label,
        label_zh=facts.label_zh,
        signers=[],
    )
    uow.session.add(app)
    uow.session.flush()
    return app


def _describe(release: Release, facts: ApkFacts) -> None:
    release.package, release.label = facts.package, facts.label
    release.version_code, release.version_name = facts.version_code, facts.version_name
    release.sha256, release.size = facts.sha256, facts.size
    release.signer, release.facts = facts.signer_sha256, facts.as_dict()


def _publishers_unit(uow: UnitOfWork, actor: Actor) -> UUID:
    """Return the highest unit for which the actor publishes, else their own."""
    assert actor.person is not None
    posts = [post for post in actor.person.posts if post.role == "publisher"]
    units = [uow.kernel.people.by_code(post.unit) for post in posts if post.holds(uow.now())]
    highest = min(units, key=lambda unit: (len(unit.path), unit.path), default=None)
    return highest.id if highest else actor.person.unit_id
