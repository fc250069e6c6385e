"""What the store knows of a package when a release of it comes in or is to be approved."""

from dataclasses import dataclass
from uuid import UUID

from appstore.apk import ApkFacts
from appstore.catalogue.models import App
from appstore.publishers.claims import may_enter
from appstore.releases import earlier
from appstore.releases.earlier import NONE
from appstore.releases.models import Release
from appstore.vetting.measures import Past
from appstore.waivers.active import active
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class History:
    """The app, if the store has it, and its past as the rules see it."""

    app: App | None
    past: Past


def history(
    uow: UnitOfWork,
    actor: Actor,
    facts: ApkFacts,
    *,
    lock: bool = False,
    but: UUID = NONE,
) -> History:
    """Return the past of a package for a release that `actor` brings.

    `lock` makes other releases of the app wait; `but` leaves out the release that is judged.
    """
    app = earlier.app_of(uow, facts.package, lock=lock)
    retired = earlier.retired(uow, facts.sha256, but)
    if app is None:
        return History(None, Past(retired=retired, owned=may_enter(uow, actor, facts.package)))
    last = earlier.last_approved(uow, app.id)
    past = Past(
        kind=app.kind,
        pins=tuple(app.signers),
        owned=earlier.owns(uow, actor, app),
        highest=last.version_code if last else 0,
        in_review=earlier.in_review(uow, app.id, but),
        retired=retired,
        previous=_apk(last),
        waivers=active(uow, app.id),
    )
    return History(app, past)


def before(uow: UnitOfWork, release: Release) -> ApkFacts | None:
    """Return the facts of the newest approved release below this one, if it is an APK's."""
    if release.app_id is None:
        return None
    return _apk(earlier.last_approved(uow, release.app_id, below=release.version_code))


def _apk(release: Release | None) -> ApkFacts | None:
    """A web app has no facts to compare with."""
    if release is None or release.kind == "web":
        return None
    return ApkFacts.from_dict(release.facts)
