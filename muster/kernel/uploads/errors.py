"""Refusals of the upload protocol, with the status codes tus 1.0.0 gives them."""

from muster.kernel.errors import DomainError

VERSION = "1.0.0"


class TusVersionUnknown(DomainError):
    code, status = "tus_version_unknown", 412
    title = "Send Tus-Resumable: 1.0.0; no other version is spoken here."

    def __init__(self) -> None:
        super().__init__(headers={"Tus-Version": VERSION})


class UploadOffsetMismatch(DomainError):
    code, status = "upload_offset_mismatch", 409
    title = "The upload stands at another offset. Ask for it with HEAD and go on from there."

    def __init__(self, offset: int) -> None:
        super().__init__(headers={"Upload-Offset": str(offset)}, offset=offset)


class UploadLocked(DomainError):
    code, status = "upload_locked", 423
    title = "Another request is writing this upload. It is released when that one ends or stalls."

    def __init__(self, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})


class UploadChecksumMismatch(DomainError):
    code, status = "upload_checksum_mismatch", 460
    title = "The bytes do not have the announced checksum and were dropped. Send them again."


class UploadDigestMismatch(DomainError):
    code, status = "upload_digest_mismatch", 422
    title = "The finished file is not the announced one and was discarded. Upload it anew."


class UploadGone(DomainError):
    code, status = "upload_gone", 410
    title = "This upload has expired or was discarded. Begin a new one."


class UploadTooBig(DomainError):
    code, status = "upload_too_big", 413
    title = "This is more than the upload or its target takes."


class UploadQuotaExceeded(DomainError):
    code, status = "upload_quota_exceeded", 413
    title = "Too much is waiting to be finished. Finish or delete open uploads first."


class UploadTargetUnknown(DomainError):
    code, status = "upload_target_unknown", 422
    title = "Name what the upload is for in Upload-Metadata: target."


class StorageFull(DomainError):
    code, status = "storage_full", 507
    title = "The server has no room left. Nothing that was confirmed is lost; try again later."


class OffsetTypeRequired(DomainError):
    code, status = "upload_type_required", 415
    title = "Send the bytes as Content-Type: application/offset+octet-stream."
