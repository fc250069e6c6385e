"""Making a package: fill the file aside, store it, sign its manifest, put it in force."""

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from mobile_api.packages.kinds import MEDIA_TYPE, Kind
from mobile_api.packages.models import FieldPackage
from muster.kernel.blobs import Stored
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.ondevice import manifest
from offline_sync import touch

_HIGHEST = select(func.max(FieldPackage.number))


def build(kernel: Kernel, kind: Kind) -> None:
    """Put a new package of a kind in force, unless the one in force still serves."""
    with kernel.reads() as uow:
        number = (uow.session.scalar(_HIGHEST.where(FieldPackage.kind == kind.name)) or 0) + 1
        standing = current(uow, kind)
    with TemporaryDirectory() as folder:
        path = Path(folder) / kind.file_name
        if not kind.fill(kernel, path, str(number)):
            return
        store = kernel.blobs.store_sealed if kind.sealed else kernel.blobs.store_shared
        stored = store(path)
    if standing is not None and _serves(kernel, kind, standing, stored):
        kernel.blobs.discard(stored)
        return
    try:
        with kernel.writes() as uow:
            _publish(uow, kind, number, stored)
    except BaseException:
        kernel.blobs.discard(stored)
        raise


def current(uow: UnitOfWork, kind: Kind) -> FieldPackage | None:
    """Return the package of a kind that is in force."""
    chosen = select(FieldPackage).where(FieldPackage.kind == kind.name, FieldPackage.current)
    return uow.session.scalars(chosen).one_or_none()


def _serves(kernel: Kernel, kind: Kind, standing: FieldPackage, stored: Stored) -> bool:
    """Whether the package in force is the same file and has half of its life before it."""
    left = standing.expires_at - kernel.clock()
    return standing.sha256 == stored.sha256 and left > kind.lifetime / 2


def _publish(uow: UnitOfWork, kind: Kind, number: int, stored: Stored) -> None:
    blob = uow.kernel.blobs.record(uow, stored, MEDIA_TYPE)
    _make_room(uow, kind, number)
    now = uow.now()
    package = FieldPackage(
        id=uuid7(),
        kind=kind.name,
        number=number,
        blob_id=blob.id,
        sha256=stored.sha256,
        size=stored.size,
        expires_at=now + kind.lifetime,
        current=True,
        created_at=now,
    )
    package.manifest = _signed(uow, kind, package)
    uow.session.add(package)
    touch(uow, "packages", kind.name, number, [kind.scope])


def _make_room(uow: UnitOfWork, kind: Kind, number: int) -> None:
    """Take the package in force out of it, and forget those before."""
    held = select(FieldPackage).where(FieldPackage.kind == kind.name)
    for package in uow.session.scalars(held):
        if package.current:
            package.current = False
            continue
        uow.session.delete(package)
        if kind.sealed:
            uow.kernel.blobs.erase(uow, package.blob_id)


def _signed(uow: UnitOfWork, kind: Kind, package: FieldPackage) -> dict[str, object]:
    content = {
        "kind": kind.name,
        "id": str(package.id),
        "version": package.version,
        "created": package.created_at.isoformat(),
        "expires": package.expires_at.isoformat(),
        "files": [{"name": kind.file_name, "sha256": package.sha256, "size": package.size}],
    }
    key = uow.kernel.keys.signer("manifest")
    return manifest.seal(content, key.sign, key.kid, key.algorithm.value)
