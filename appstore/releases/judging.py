"""What the rules say of a release today, and what its approval makes of the app: by kind.

Each kind has its own facts and its own rules; who approves, moves and rolls out asks here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from appstore.apk import ApkFacts
from appstore.catalogue.models import App
from appstore.releases.history import history
from appstore.releases.models import Release
from appstore.vetting.judge import Check, judge
from appstore.webapps import judging as web
from muster.kernel.identity import Actor, registrations
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Judged:
    """The app a release belongs to, locked, and one check per rule of its kind."""

    app: App | None
    checks: Sequence[Check]


def judged(uow: UnitOfWork, actor: Actor, release: Release) -> Judged:
    """Judge a release again, as if `actor` brought it now; other releases of its app wait."""
    if release.kind == "web":
        app, checks = web.judged(uow, actor, release)
        return Judged(app, checks)
    facts = ApkFacts.from_dict(release.facts)
    known = history(uow, actor, facts, lock=True, but=release.id)
    return Judged(known.app, judge(facts, known.past))


def enter(uow: UnitOfWork, approver: Actor, release: Release, app: App) -> None:
    """Write into the app what an approved release says of it, and register its client."""
    if release.kind == "web":
        web.enter(uow, approver, release, app)
        return
    _pin(app, ApkFacts.from_dict(release.facts))
    registrations.store.app_approved(
        uow,
        approver,
        package=release.package,
        signer=app.signers[-1],
        unit_id=app.unit_id,
        owner_id=release.submitted_by,
    )


def _pin(app: App, facts: ApkFacts) -> None:
    """Pin the first signer, or extend the pins by the successor its lineage proves."""
    app.label, app.label_zh = facts.label, facts.label_zh
    if not app.signers:
        app.signers = list(facts.lineage) or [facts.signer_sha256]
    elif facts.signer_sha256 != app.signers[-1]:
        app.signers = [*app.signers, facts.signer_sha256]
