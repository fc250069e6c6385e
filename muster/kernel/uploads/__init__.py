"""Resumable uploads (tus 1.0.0): bytes arrive over bad networks and end up with their owner.

An upload names a target; the feature that answers `TARGETS` for that name says who may begin and
takes the finished object in the transaction that ends the upload. Start at `service.py`; how one
writer holds an upload is `claim.py`, how bytes lie until they are complete is `spool.py`.
"""

from muster.kernel.uploads.errors import (
    StorageFull,
    UploadChecksumMismatch,
    UploadDigestMismatch,
    UploadGone,
    UploadLocked,
    UploadOffsetMismatch,
    UploadQuotaExceeded,
    UploadTargetUnknown,
    UploadTooBig,
)
from muster.kernel.uploads.models import Upload
from muster.kernel.uploads.ports import TARGETS, UploadTarget
from muster.kernel.uploads.service import append, begin, status, terminate
from muster.kernel.uploads.sweep import SWEEP, sweep

__all__ = [
    "SWEEP",
    "TARGETS",
    "StorageFull",
    "Upload",
    "UploadChecksumMismatch",
    "UploadDigestMismatch",
    "UploadGone",
    "UploadLocked",
    "UploadOffsetMismatch",
    "UploadQuotaExceeded",
    "UploadTarget",
    "UploadTargetUnknown",
    "UploadTooBig",
    "append",
    "begin",
    "status",
    "sweep",
    "terminate",
]
