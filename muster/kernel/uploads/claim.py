"""One writer per upload: a claim that lasts while bytes arrive and lapses when they stop.

A claim is renewed with each checkpoint. A request whose phone is gone renews nothing, so ten
seconds later the phone's next request takes over; if the old one wakes, it finds itself
superseded, here by the row and in the spool by the file.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel.db import Mode
from muster.kernel.errors import NotFound
from muster.kernel.ids import uuid7
from muster.kernel.uploads.errors import UploadGone, UploadLocked, UploadOffsetMismatch
from muster.kernel.uploads.models import Upload

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

LEASE = timedelta(seconds=10)
LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class Claim:
    """The right of one request to write one upload. No transaction is open between its calls."""

    kernel: "Kernel"
    upload: Upload
    holder: UUID

    def renew(self, offset: int | None = None) -> None:
        """Stay the writer, and count the bytes up to `offset`, which must be synced already.

        The last byte never counts here: only a finished upload shows its full length. Raises
        `UploadLocked` if another request has taken over.
        """
        now = self.kernel.clock()
        values: dict[str, Any] = {"held_until": now + LEASE, "expires_at": now + LIFETIME}
        if offset is not None:
            values["offset"] = min(offset, self.upload.length - 1)
        if not self._update(values):
            raise UploadLocked(retry_after=1)

    def release(self) -> None:
        """Let the next request in at once; nothing happens if another has taken over."""
        self._update({"holder": None, "held_until": None})

    def discard(self) -> None:
        """End the upload without a result."""
        self._update({"state": "discarded", "holder": None, "held_until": None})

    def row(self, uow: "UnitOfWork") -> Upload:
        """Return the row, locked for the rest of the transaction and still held by this claim."""
        row = uow.session.get(Upload, self.upload.id, with_for_update=True)
        if row is None or row.holder != self.holder:
            raise UploadLocked(retry_after=1)
        return row

    def _update(self, values: dict[str, Any]) -> bool:
        held = update(Upload).where(Upload.id == self.upload.id, Upload.holder == self.holder)
        with self.kernel.db.session(Mode.WRITES) as session:
            found = session.execute(held.values(values).returning(Upload.id)).all()
            session.commit()
        return bool(found)


def take(kernel: "Kernel", upload_id: UUID, offset: int) -> Claim:
    """Become the writer of an open upload that stands at `offset`.

    Raises `UploadLocked` while another request is alive, `UploadOffsetMismatch`, `UploadGone`.
    """
    holder = uuid7()
    with kernel.writes() as uow:
        row = uow.session.scalars(
            select(Upload).where(Upload.id == upload_id).with_for_update()
        ).one_or_none()
        row, now = alive(uow, row), uow.now()
        if row.holder is not None and row.held_until is not None and row.held_until > now:
            raise UploadLocked(retry_after=LEASE.seconds)
        if row.offset != offset or row.state == "finished":
            raise UploadOffsetMismatch(row.offset)
        row.holder, row.held_until = holder, now + LEASE
    return Claim(kernel, row, holder)


def alive(uow: "UnitOfWork", row: Upload | None) -> Upload:
    """Return an upload that is open or finished; `UploadGone` if discarded or expired."""
    if row is None:
        raise NotFound
    if row.state == "discarded" or row.expires_at <= uow.now():
        raise UploadGone
    return row
