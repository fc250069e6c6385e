"""Objects: shared ones named by their content, sealed ones encrypted each under its own key.

Start at `objects.Blobs`. Bytes go to the store first and are durable there; the `kern_blob` row
follows in the caller's transaction, so a row never names bytes that are not there. Shared objects
(apps, tiles, forms) are stored once per content; sealed objects (evidence) are erased by erasing
their key. Feature tables refer to `kern_blob.id`.
"""

from muster.kernel.blobs.errors import BlobDamaged, BlobErased, BlobMissing
from muster.kernel.blobs.models import Blob
from muster.kernel.blobs.objects import Blobs
from muster.kernel.blobs.store import Store, open_store
from muster.kernel.blobs.stored import Source, Stored

__all__ = [
    "Blob",
    "BlobDamaged",
    "BlobErased",
    "BlobMissing",
    "Blobs",
    "Source",
    "Store",
    "Stored",
    "open_store",
]
