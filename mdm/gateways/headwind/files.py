"""The bytes of a terminal's own desired state: its apps and the authorities it is to trust."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from mdm.gateways.headwind import orders, signatures
from mdm.gateways.headwind.door import Call, enter
from mdm.gateways.headwind.errors import FileNotOffered
from mdm.gateways.headwind.serverconfig import (
    certificate_files,
    desired_of,
    offered,
)
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

DOWNLOAD: Final = "mdm.headwind.download"
APK: Final = "application/vnd.android.package-archive"
PEM: Final = "application/x-pem-file"


@dataclass(frozen=True)
class File:
    """A file that may be sent; `read(offset, length)` yields its bytes."""

    sha256: str
    size: int
    media_type: str
    read: Callable[[int, int], Iterator[bytes]]
    shared: bool = False


def fetch(uow: UnitOfWork, actor: Actor, call: Call, name: str) -> File:
    """Return a file that the terminal's desired state names; else `FileNotOffered`.

    The agent checks no hash: that this is the very file rests on TLS and on the name, which for an
    app is its SHA-256.
    """
    caller = enter(
        uow, actor, DOWNLOAD, call, signed=lambda secret, _: [signatures.of_file(secret, name)]
    )
    document = desired_of(uow, caller)
    for app in offered(document, orders.standing(uow, caller).installs):
        if name == f"{app['sha256']}.apk":
            read = partial(uow.kernel.blobs.open_shared, app["sha256"])
            return File(app["sha256"], app["size"], APK, read, shared=True)
    pem = certificate_files(document).get(name)
    if pem is None:
        raise FileNotOffered
    return _held(pem)


def _held(content: bytes) -> File:
    def read(offset: int, length: int) -> Iterator[bytes]:
        yield content[offset : offset + length]

    return File(hashlib.sha256(content).hexdigest(), len(content), PEM, read)
