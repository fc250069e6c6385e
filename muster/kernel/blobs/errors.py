"""What can go wrong with an object: it is gone, it was erased, or its bytes are not the same."""

from muster.kernel.errors import DomainError, NotFound


class BlobMissing(NotFound):
    code = "blob_missing"
    title = "There is no such object."


class BlobErased(DomainError):
    code, status = "blob_erased", 410
    title = "This object was erased for good."


class BlobDamaged(DomainError):
    code, status = "blob_damaged", 500
    title = "The stored object was changed or cut: it is not shown. Restore it from a backup."
