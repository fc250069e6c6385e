"""Bundles of static files: brought first, read at once or by a job, then named by a release."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select

import appstore.apk
from appstore.apk import ApkError
from appstore.apk.bundle import read_bundle
from appstore.releases.spool import spooled
from appstore.webapps.errors import BundleNotFound, BundleNotReady, BundleRefused
from appstore.webapps.models import WebBundle
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.sandbox import ChildFailed, Limits, TooCostly, answer_of
from muster.kernel.settings import Settings
from muster.kernel.uow import UnitOfWork

LIMIT: Final = 50 * 2**20
"""The largest bundle in bytes."""
MEDIA_TYPE: Final = "application/zip"
_HOURLY: Final = 60
_FOLDER: Final = Path(appstore.apk.__file__).parent
_turns = threading.BoundedSemaphore(2)


def receive(uow: UnitOfWork, actor: Actor, content: Iterable[bytes]) -> WebBundle:
    """Take a bundle from a publisher; the unit of work only carries the decision.

    Raises `BundleRefused` for a zip that cannot be accepted, and keeps nothing of it.
    """
    kernel = uow.kernel
    decision = guard.require(uow, actor, "app.release.submit", guard.FORCE)
    kernel.limits.hit("app.release.submit", str(actor.id), limit=_HOURLY, per_seconds=3600)
    bundle = WebBundle(id=uuid7(), submitted_by=actor.id)
    with spooled(kernel.settings, content) as upload:
        try:
            keep(kernel, bundle, upload.path)
        except ApkError as error:
            decision.note(refused=error.code)
            raise BundleRefused.of(error) from error
    decision.note(bundle=str(bundle.id), sha256=bundle.sha256)
    return bundle


def keep(kernel: Kernel, bundle: WebBundle, path: Path) -> None:
    """Read a bundle strictly, then store it by its content; `ApkError` if it is not accepted."""
    files = _read(kernel.settings, path)
    stored = kernel.blobs.store_shared(path)
    bundle.files, bundle.state = files, "read"
    bundle.sha256, bundle.size = stored.sha256, stored.size
    with kernel.writes() as uow:
        bundle.blob_id = kernel.blobs.record(uow, stored, MEDIA_TYPE).id
        uow.session.merge(bundle)


def read(uow: UnitOfWork, actor: Actor, bundle_id: UUID) -> WebBundle:
    """Return one's own bundle: whether it was read, and why not."""
    guard.require(uow, actor, "app.release.submit", guard.FORCE)
    return _find(uow, actor, bundle_id)


def ready(uow: UnitOfWork, actor: Actor, bundle_id: UUID) -> WebBundle:
    """Return one's own bundle once it was read, refused or not; raises `BundleNotReady`."""
    bundle = _find(uow, actor, bundle_id)
    if bundle.state == "waiting":
        raise BundleNotReady
    return bundle


def _find(uow: UnitOfWork, actor: Actor, bundle_id: UUID) -> WebBundle:
    query = select(WebBundle).where(WebBundle.id == bundle_id, WebBundle.submitted_by == actor.id)
    bundle = uow.session.scalar(query)
    if bundle is None:
        raise BundleNotFound
    return bundle


def _read(settings: Settings, path: Path) -> int:
    with _turns:
        if not settings.sandbox_apks:
            return read_bundle(path)
        module, file = f"{_FOLDER.name}.bundle", str(path.resolve())
        try:
            answer = answer_of(_FOLDER.parent, module, file, limits=Limits())
        except (TooCostly, ChildFailed) as error:
            raise ApkError("bundle_unreadable", "Reading this bundle takes too much.") from error
    if "code" in answer:
        raise ApkError(answer["code"], answer["detail"])
    return int(answer["files"])
