"""How bytes become a version: spool, recognise, scan, store (hashed), then publish or ask.

No transaction is open while bytes arrive, are looked at or are stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from appstore.files import kinds, review
from appstore.files.errors import FileHarmful, FileNotScanned, FileVersionState
from appstore.files.lookup import find, target
from appstore.files.models import FileVersion, StoreFile
from appstore.files.publishing import make_current
from appstore.releases.spool import LIMIT, spooled
from appstore.scanning import ScannerSilent, scan
from appstore.vetting.judge import blocks
from muster.kernel import guard
from muster.kernel.blobs import Stored
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

SUBMIT: Final = "app.file.submit"
LARGEST: Final = LIMIT
"""The largest file in bytes."""
_HOURLY: Final = 120
_LONGEST: Final = timedelta(days=3653)


@dataclass(frozen=True)
class Looked:
    """Bytes that were recognised and are durable in the store."""

    sort: kinds.Sort
    stored: Stored


def receive(
    uow: UnitOfWork,
    actor: Actor,
    slug: str,
    content: Iterable[bytes],
    *,
    name: str,
    notes: str = "",
    expires_at: datetime | None = None,
) -> FileVersion:
    """Take a version of a file; it goes on the shelf, or waits for a second person.

    The unit of work only carries the decision. Raises `FileTypeRefused`, `FileIsApp`,
    `FileVersionState` for a withdrawn file; then nothing is kept.
    """
    kernel, file = uow.kernel, find(uow, slug)
    decision = guard.require(uow, actor, SUBMIT, target(uow, file))
    kernel.limits.hit(SUBMIT, str(actor.id), limit=_HOURLY, per_seconds=3600)
    name = kinds.plain_name(name)
    check_open(uow, file, expires_at)
    with spooled(kernel.settings, content) as upload:
        looked = look(kernel, name, upload.path)
    with kernel.writes() as unit:
        row = find(unit, slug, lock=True)
        version = fresh(unit, actor, row, uuid7(), name, notes, expires_at)
        settle(unit, actor, row, version, looked)
    decision.note(version=str(version.id), number=version.number, state=version.state)
    return version


def look(kernel: Kernel, name: str, path: Path) -> Looked:
    """Recognise a spooled file, have it scanned and store it; what a scanner doubts waits, too.

    Raises what `kinds.look` raises, `FileHarmful`, and `FileNotScanned` while a scanner is silent.
    """
    sort = kinds.look(name, path)
    try:
        checks = scan(kernel.settings, path)
    except ScannerSilent as error:
        raise FileNotScanned from error
    found = [sign for check in blocks(checks) for sign in (check.rule, *check.evidence)]
    if found:
        raise FileHarmful(f"A scanner says: {', '.join(found)[:500]}.")
    doubted = any(check.verdict == "warn" for check in checks)
    return Looked(
        replace(sort, executable=sort.executable or doubted), kernel.blobs.store_shared(path)
    )


def check_open(uow: UnitOfWork, file: StoreFile, expires_at: datetime | None) -> None:
    """Refuse a version of a withdrawn file, and one that has expired before it came."""
    if file.state != "open":
        raise FileVersionState("This file was withdrawn; give the new one a name of its own.")
    if expires_at is not None and not uow.now() < expires_at < uow.now() + _LONGEST:
        raise InvalidInput(
            errors=[Fault("/expires_at", "Choose a moment within the next ten years.")]
        )


def fresh(
    uow: UnitOfWork,
    actor: Actor,
    file: StoreFile,
    version_id: UUID,
    name: str,
    notes: str,
    expires_at: datetime | None,
) -> FileVersion:
    """Add a version under the file's next number; the caller has locked the file."""
    check_open(uow, file, expires_at)
    highest = select(func.max(FileVersion.number)).where(FileVersion.file_id == file.id)
    version = FileVersion(
        id=version_id,
        file_id=file.id,
        number=(uow.session.scalar(highest) or 0) + 1,
        state="scanning",
        original_name=name,
        notes=notes,
        expires_at=expires_at,
        submitted_by=actor.id,
    )
    uow.session.add(version)
    uow.session.flush()
    return version


def settle(
    uow: UnitOfWork, actor: Actor, file: StoreFile, version: FileVersion, looked: Looked
) -> None:
    """Record what a version is; documents go on the shelf, programs wait for a second person."""
    version.blob_id = uow.kernel.blobs.record(uow, looked.stored, looked.sort.media_type).id
    version.sha256, version.size = looked.stored.sha256, looked.stored.size
    version.media_type = looked.sort.media_type
    uow.session.flush()
    if looked.sort.executable:
        review.ask(uow, actor, file, version)
    else:
        make_current(uow, file, version)
