"""Leaves the sending of stored bytes to our own proxy, so that a slow reader holds no worker.

nginx calls it X-Accel-Redirect: we answer with a place below `MUSTER_ACCEL_ROOT`, a location that
only nginx itself may enter, and it sends the file that lies there. So the answer goes to whoever
has shown the proxy's secret and to nobody else; only shared objects of a local folder are named,
for sealed ones mean nothing to anybody who has no key of ours.
"""

from flask import Request

from muster.kernel.kernel import Kernel
from muster.kernel.web.proxy import believed

HEADER = "X-Accel-Redirect"


def place(kernel: Kernel, request: Request, sha256: str) -> str:
    """Return where the proxy finds a shared content; '' if we are to send it ourselves.

    nginx compares If-Match with an ETag that it does not know yet, so such requests stay here.
    Raises `BlobMissing`.
    """
    root = kernel.settings.accel_root
    if not root or request.if_match or not believed(request, kernel.settings):
        return ""
    key = kernel.blobs.local_key(sha256)
    return f"{root}/{key}" if key else ""
