"""Forgetting uploads that are over: expired, discarded or long finished."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from muster.kernel.db import Mode
from muster.kernel.uploads.models import Upload
from muster.kernel.uploads.spool import path_of

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

SWEEP = "kern.uploads.sweep"
GRACE = timedelta(hours=24)
_BATCH = 500


def sweep(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Delete expired uploads with their bytes, then stored bytes that nobody recorded.

    Bytes go first: a row whose file is gone is swept again, a file without a row never would be.
    """
    over = select(Upload.id).where(Upload.expires_at <= kernel.clock()).limit(_BATCH)
    left = True
    while left:
        with kernel.db.session(Mode.WRITES) as session:
            ids = session.scalars(over).all()
            for upload_id in ids:
                path_of(kernel.settings, upload_id).unlink(missing_ok=True)
            session.execute(delete(Upload).where(Upload.id.in_(ids)))
            session.commit()
            left = len(ids) == _BATCH
    with kernel.reads() as uow:
        kernel.blobs.sweep(uow, uow.now() - GRACE)
