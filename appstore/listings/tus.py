"""Pictures by resumable upload: `Upload-Metadata` names package, locale and kind."""

from collections.abc import Mapping
from typing import Any, Final

from appstore.catalogue import lookup
from appstore.listings import pictures
from appstore.listings.service import EDIT, find, opened, tag
from muster.kernel import guard
from muster.kernel.blobs import Blob
from muster.kernel.errors import InvalidInput
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import Upload, UploadTarget


def allow(uow: UnitOfWork, actor: Actor, metadata: Mapping[str, str]) -> None:
    """Let publishers of the app begin, once there is a listing in that language."""
    package, locale, _kind = _named(metadata)
    app = lookup.find(uow, package)
    guard.require(uow, actor, EDIT, lookup.target(uow, app))
    find(uow, app, tag(locale))


def accept(uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob) -> None:
    """Look at the finished file and take it into the listing."""
    package, locale, kind = _named(upload.details)
    app, decision = opened(uow, actor, package)
    data = b"".join(uow.kernel.blobs.open_shared(blob.sha256))
    image = pictures.checked(kind, data)
    blob.media_type = image.media_type
    pictures.put(uow, app, tag(locale), kind, image, blob)
    decision.note(locale=tag(locale), added=kind, sha256=blob.sha256)


def _named(metadata: Mapping[str, Any]) -> tuple[str, str, str]:
    package, locale, kind = (str(metadata.get(name, "")) for name in ("package", "locale", "kind"))
    if kind not in pictures.KINDS or "\0" in package:
        raise InvalidInput("Upload-Metadata: name package, locale and kind (icon|feature|phone).")
    return package, locale, kind


TARGET: Final = UploadTarget(
    "picture", sealed=False, max_bytes=pictures.LIMIT, allow=allow, accept=accept
)
