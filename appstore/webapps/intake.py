"""How a page becomes a release: its icon and bundle are looked at, the rules judge, a person is asked.

The bytes come first, in no transaction; one commit then judges and records.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from appstore.catalogue.models import App
from appstore.listings.images import Image, ImageFault, look
from appstore.listings.models import Picture
from appstore.publishers.claims import holder
from appstore.publishers.entry import refuse_foreign
from appstore.releases import review
from appstore.releases.errors import ReleaseRejected
from appstore.releases.intake import Brought, Vetted, fresh
from appstore.releases.models import Release
from appstore.releases.states import move
from appstore.vetting.judge import Check, blocks
from appstore.vetting.service import keep
from appstore.webapps import bundles
from appstore.webapps.facts import WebFacts
from appstore.webapps.judging import past_of
from appstore.webapps.models import WebPage
from appstore.webapps.rules import judge
from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import canonical_json

LARGEST_ICON: Final = 256 * 1024
_ICON_TYPES: Final = ("image/png", "image/webp")
_HOURLY: Final = 60


def submit(uow: UnitOfWork, actor: Actor, wish: Mapping[str, Any]) -> Vetted:
    """Take a version of a web app from a publisher; on success it waits for a second person.

    `wish` is as `WebReleaseSchema` loads it. The unit of work only carries the decision. Raises what
    `refuse_foreign` does, `InvalidInput` for an icon that is none, `BundleNotFound`,
    `BundleNotReady`, and
    `ReleaseRejected` for what a rule blocks (and keeps why).
    """
    kernel = uow.kernel
    decision = guard.require(uow, actor, "app.release.submit", guard.FORCE)
    kernel.limits.hit("app.release.submit", str(actor.id), limit=_HOURLY, per_seconds=3600)
    refuse_foreign(uow, actor, wish["package"])
    icon = _icon(uow, wish)
    facts, blob_id = _facts(uow, actor, wish, hashlib.sha256(icon).hexdigest())
    release = _release(uow, actor, facts, wish["notes"])
    release.blob_id = blob_id
    vetted = _settle(kernel, actor, release, facts, icon)
    decision.note(release=str(release.id), state=vetted.release.state)
    blocking = blocks(vetted.checks)
    if blocking:
        named = [{"rule": check.rule, "evidence": list(check.evidence)} for check in blocking]
        raise ReleaseRejected(release.id, named)
    return vetted


def _icon(uow: UnitOfWork, wish: Mapping[str, Any]) -> bytes:
    """Return the icon's bytes: a picture of a listing, or what was sent."""
    if wish["icon_picture"] is not None:
        data = _stored(uow, wish["icon_picture"])
    else:
        try:
            data = base64.b64decode(wish["icon"], validate=True)
        except binascii.Error as error:
            raise _icon_fault("This is not base64.") from error
    if not 0 < len(data) <= LARGEST_ICON:
        raise _icon_fault(f"An icon has at most {LARGEST_ICON} bytes.")
    try:
        image = look(data)
    except ImageFault as error:
        raise _icon_fault(str(error)) from error
    if image.media_type not in _ICON_TYPES or image.width != image.height:
        raise _icon_fault("An icon is a square PNG or WebP.")
    return data


def _stored(uow: UnitOfWork, picture_id: UUID) -> bytes:
    picture = uow.session.get(Picture, picture_id)
    if picture is None or picture.kind != "icon":
        raise InvalidInput(errors=[Fault("/icon_picture", "There is no such icon.")])
    return b"".join(uow.kernel.blobs.open_shared(picture.sha256, 0, LARGEST_ICON + 1))


def _icon_fault(why: str) -> InvalidInput:
    return InvalidInput(errors=[Fault("/icon", why)])


def _facts(
    uow: UnitOfWork, actor: Actor, wish: Mapping[str, Any], icon_sha256: str
) -> tuple[WebFacts, UUID | None]:
    """Return what the rules are told, and the bundle's blob if there is an acceptable bundle."""
    said = {
        name: wish[name]
        for name in ("package", "version_code", "version_name", "label", "label_zh", "address")
    }
    facts = {**said, "scopes": tuple(wish["scopes"]), "icon_sha256": icon_sha256}
    if wish["bundle"] is None:
        return WebFacts(**facts), None
    bundle = bundles.ready(uow, actor, wish["bundle"])
    facts |= {
        "bundle_sha256": bundle.sha256,
        "bundle_size": bundle.size,
        "bundle_fault": bundle.fault,
    }
    return WebFacts(**facts), bundle.blob_id


def _release(uow: UnitOfWork, actor: Actor, facts: WebFacts, notes: str) -> Release:
    release = fresh(uow, actor, uuid7(), Brought(notes=notes))
    release.kind = "web"
    release.package, release.label = facts.package, facts.label
    release.version_code, release.version_name = facts.version_code, facts.version_name
    said = facts.as_dict()
    release.sha256 = facts.bundle_sha256 or hashlib.sha256(canonical_json(said)).hexdigest()
    release.size, release.facts = facts.bundle_size, said
    return release


def _settle(kernel: Kernel, actor: Actor, release: Release, facts: WebFacts, icon: bytes) -> Vetted:
    image: Image = look(icon)
    stored = kernel.blobs.store_shared(icon)
    with kernel.writes() as uow:
        app, past = past_of(uow, actor, facts, release.sha256, lock=True)
        checks = judge(facts, past)
        uow.session.add(release)
        move(uow, actor, release, "scanning", "received")
        if blocks(checks):
            _reject(uow, actor, release, app if past.owned else None, checks)
            return Vetted(release, checks)
        owner = app or _claim(uow, release, facts)
        release.app_id, release.unit_id = owner.id, owner.unit_id
        move(uow, actor, release, "needs_review", "passes the rules that block")
        uow.session.flush()
        uow.session.add(
            WebPage(
                release_id=release.id,
                address=facts.address,
                scopes=list(facts.scopes),
                icon_sha256=stored.sha256,
                icon_blob_id=kernel.blobs.record(uow, stored, image.media_type).id,
            )
        )
        keep(uow, release.id, checks)
        review.ask(uow, actor, release)
    return Vetted(release, checks)


def _reject(
    uow: UnitOfWork, actor: Actor, release: Release, app: App | None, checks: list[Check]
) -> None:
    if app is not None:
        release.app_id, release.unit_id = app.id, app.unit_id
    why = ", ".join(check.rule for check in blocks(checks))
    release.blob_id = None
    move(uow, actor, release, "rejected", f"blocked by {why}")
    uow.session.flush()
    keep(uow, release.id, checks)


def _claim(uow: UnitOfWork, release: Release, facts: WebFacts) -> App:
    """Enter a new package for the unit its name is kept for, or else the publisher's."""
    app = App(
        id=uuid7(),
        package=facts.package,
        kind="web",
        unit_id=holder(uow, facts.package) or release.unit_id,
        label=facts.label,
        label_zh=facts.label_zh,
        signers=[],
    )
    uow.session.add(app)
    uow.session.flush()
    return app
