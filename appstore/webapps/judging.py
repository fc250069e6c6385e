"""Judging web apps on what the store knows, and entering what an approval says of them."""

from uuid import UUID

from appstore.catalogue.models import App
from appstore.publishers.claims import may_enter
from appstore.releases import earlier
from appstore.releases.models import Release
from appstore.vetting.judge import Check
from appstore.webapps.facts import WebFacts
from appstore.webapps.rules import WebPast, judge
from muster.kernel.identity import Actor, registrations
from muster.kernel.uow import UnitOfWork


def judged(uow: UnitOfWork, actor: Actor, release: Release) -> tuple[App | None, list[Check]]:
    """Judge a release that waits, as if `actor` brought it now; the app is locked."""
    facts = WebFacts.from_dict(release.facts)
    app, past = past_of(uow, actor, facts, release.sha256, lock=True, but=release.id)
    return app, judge(facts, past)


def past_of(
    uow: UnitOfWork,
    actor: Actor,
    facts: WebFacts,
    sha256: str,
    *,
    lock: bool,
    but: UUID = earlier.NONE,
) -> tuple[App | None, WebPast]:
    """Return the app, if the store has it, and its past as the rules see it."""
    hosts = uow.kernel.settings.web_app_hosts
    retired = earlier.retired(uow, sha256, but)
    app = earlier.app_of(uow, facts.package, lock=lock)
    if app is None:
        owned = may_enter(uow, actor, facts.package)
        return None, WebPast(owned=owned, retired=retired, hosts=hosts)
    last = earlier.last_approved(uow, app.id)
    return app, WebPast(
        kind=app.kind,
        owned=earlier.owns(uow, actor, app),
        highest=last.version_code if last else 0,
        in_review=earlier.in_review(uow, app.id, but),
        retired=retired,
        previous=_web(last),
        hosts=hosts,
    )


def enter(uow: UnitOfWork, approver: Actor, release: Release, app: App) -> None:
    """Write labels into the app and register its client: called back at the page, and nowhere else.

    The scopes it asks for wait for the steward of the data, like those of any app.
    """
    facts = WebFacts.from_dict(release.facts)
    app.label, app.label_zh = facts.label, facts.label_zh
    registrations.store.app_approved(
        uow,
        approver,
        package=release.package,
        signer="",
        unit_id=app.unit_id,
        owner_id=release.submitted_by,
        page=facts.address,
        scopes=facts.scopes,
    )


def _web(release: Release | None) -> WebFacts | None:
    """An APK has no facts to compare with."""
    if release is None or release.kind != "web":
        return None
    return WebFacts.from_dict(release.facts)
