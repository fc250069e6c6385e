"""How a file becomes a release: spool, inspect, vet, scan, then ask a second person.

No transaction is open while bytes arrive, are inspected, scanned or stored. The rules judge twice:
first to know whether the file is worth storing, then again in the commit that records it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from appstore.apk import ApkError, ApkFacts, Package
from appstore.catalogue.models import App
from appstore.publishers.claims import holder
from appstore.publishers.entry import refuse_foreign
from appstore.releases import keeping, review, waiting
from appstore.releases.duplicates import refuse_duplicate
from appstore.releases.earlier import NONE
from appstore.releases.errors import ApkRefused, ReleaseRejected
from appstore.releases.history import history
from appstore.releases.inspection import inspect
from appstore.releases.keeping import Kept, keep_bytes
from appstore.releases.models import Release
from appstore.releases.spool import Spooled, spooled
from appstore.releases.states import move
from appstore.rollbacks.reissues import answer
from appstore.scanning import ScannerSilent, scan
from appstore.vetting.judge import Check, blocks, judge
from appstore.vetting.service import keep
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

MEDIA_TYPE = keeping.MEDIA_TYPE
_HOURLY = 60


@dataclass(frozen=True)
class Vetted:
    """A release and what the rules said of it."""

    release: Release
    checks: Sequence[Check]


@dataclass(frozen=True)
class Brought:
    """What a publisher says of an upload beside its bytes.

    `package`, if given, is refused before the bytes are read. `urgent` is why this is an urgent
    security release, '' if it is none. `reissues` names the request to bring older code again that
    it answers.
    """

    notes: str = ""
    package: str = ""
    urgent: str = ""
    reissues: UUID | None = None


def ready(uow: UnitOfWork, actor: Actor) -> None:
    """Decide, before anybody chooses a file, what will be decided once it has come.

    So a fresh sign-in is asked for while there is no upload that could be lost.
    """
    unit = uow.kernel.people.unit(_publishers_unit(uow, actor))
    target = Target("Release", "new", unit=unit.path)
    guard.require(uow, actor, review.PUBLISH, target).note(form=True)


def receive(
    uow: UnitOfWork, actor: Actor, content: Iterable[bytes], brought: Brought = Brought()
) -> Vetted:
    """Take an APK from a publisher; on success it waits for a second person.

    The unit of work only carries the decision. Raises what `refuse_foreign` does for a package that
    is not theirs to bring, `ReleaseDuplicate` for a file the store has, `ApkRefused` for one that is
    no APK (all keep nothing), `ReleaseRejected` for one that a rule blocks (and keeps why, not the
    file). While a scanner is silent the release stays `scanning`.
    """
    kernel = uow.kernel
    decision = guard.require(uow, actor, "app.release.submit", guard.FORCE)
    kernel.limits.hit("app.release.submit", str(actor.id), limit=_HOURLY, per_seconds=3600)
    _refuse_foreign(kernel, actor, brought.package)
    with spooled(kernel.settings, content) as upload:
        try:
            package = examine(kernel, upload)
        except ApkError as error:
            decision.note(refused=error.code)
            raise ApkRefused.of(error) from error
        _refuse_foreign(kernel, actor, package.facts.package)
        release = fresh(uow, actor, uuid7(), brought)
        try:
            vetted = settle(kernel, actor, release, package, upload)
        except ScannerSilent as error:
            describe(release, package)
            vetted = Vetted(*waiting.hold(kernel, actor, release, upload, error))
    decision.note(release=str(release.id), state=vetted.release.state)
    blocking = blocks(vetted.checks)
    if blocking:
        named = [{"rule": check.rule, "evidence": list(check.evidence)} for check in blocking]
        raise ReleaseRejected(release.id, named)
    return vetted


def _refuse_foreign(kernel: Kernel, actor: Actor, package: str) -> None:
    if package:
        with kernel.reads() as unit:
            refuse_foreign(unit, actor, package)


def fresh(uow: UnitOfWork, actor: Actor, release_id: UUID, brought: Brought) -> Release:
    """Return a release that has only just come in, not yet added to any session."""
    return Release(
        id=release_id,
        unit_id=_publishers_unit(uow, actor),
        submitted_by=actor.id,
        state="uploaded",
        notes=brought.notes,
        urgent=bool(brought.urgent),
        urgent_reason=brought.urgent,
        reissues=brought.reissues,
    )


def examine(kernel: Kernel, upload: Spooled, but: UUID = NONE) -> Package:
    """Return what a file holds that the store has not yet; `but` is the release it came as.

    Raises `ReleaseDuplicate` and `ApkError`. A set of splits is recognised by its base as well.
    """
    with kernel.reads() as unit:
        refuse_duplicate(unit, upload.sha256, but)
    package = inspect(kernel.settings, upload)
    if package.splits:
        with kernel.reads() as unit:
            refuse_duplicate(unit, package.facts.sha256, but)
    return package


def settle(
    kernel: Kernel, actor: Actor, release: Release, package: Package, upload: Spooled
) -> Vetted:
    """Vet and scan an inspected file, and record the outcome: rejected, or kept and under review.

    `release` is new, or as it was read before; it is merged into the recording transaction. Raises
    `ScannerSilent`; then nothing was recorded.
    """
    facts = package.facts
    with kernel.reads() as unit:
        early = judge(facts, history(unit, actor, facts).past)
    found = [] if blocks(early) else scan(kernel.settings, upload.path)
    kept = None if blocks([*early, *found]) else keep_bytes(kernel.blobs, package)
    with kernel.writes() as unit:
        known = history(unit, actor, facts, lock=True)
        checks = [*judge(facts, known.past), *found]
        if kept is None and not blocks(checks):
            checks = early  # what blocked it is gone, but so are the bytes: upload it again
        row = unit.session.merge(release)
        describe(row, package)
        if row.state == "uploaded":
            move(unit, actor, row, "scanning", "received")
        if blocks(checks) or kept is None:
            _reject(unit, actor, row, known.app if known.past.owned else None, checks)
        else:
            _accept(unit, actor, row, known.app, facts, checks, kept)
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
    kept: Kept,
) -> None:
    owner = app or _claim(uow, release, facts)
    release.app_id, release.unit_id = owner.id, owner.unit_id
    keeping.record(uow, release, kept)
    move(uow, actor, release, "needs_review", "passes the rules that block")
    uow.session.flush()
    keep(uow, release.id, checks)
    if release.reissues is not None:
        answer(uow, release.reissues, release)
    review.ask(uow, actor, release)


def _claim(uow: UnitOfWork, release: Release, facts: ApkFacts) -> App:
    """Enter a new package for the unit its name is kept for, or else the publisher's.

    Its signer is pinned with the approval.
    """
    app = App(
        id=uuid7(),
        package=facts.package,
        unit_id=holder(uow, facts.package) or release.unit_id,
        label=facts.label,
        label_zh=facts.label_zh,
        signers=[],
    )
    uow.session.add(app)
    uow.session.flush()
    return app


def describe(release: Release, package: Package) -> None:
    """Write into a release what its file says; of a set, what its base says."""
    facts = package.facts
    release.kind = "apks" if package.splits else "apk"
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
