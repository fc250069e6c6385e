"""What uploads are for: each feature that takes files answers with its target."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muster.kernel.blobs import Blob
from muster.kernel.identity.actor import Actor
from muster.kernel.ports import Port
from muster.kernel.uploads.models import Upload

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

Allow = Callable[["UnitOfWork", Actor, Mapping[str, str]], None]
Accept = Callable[["UnitOfWork", Actor, Upload, Blob], None]


@dataclass(frozen=True)
class UploadTarget:
    """Where finished uploads of one name go.

    `allow` asks the guard whether this actor may begin one with this metadata, and raises if not.
    `accept` takes the finished object in the transaction that ends the upload; it must ask again,
    for hours may have passed. If it raises, the upload stays and its last byte may be sent again.
    """

    name: str
    sealed: bool
    max_bytes: int
    allow: Allow
    accept: Accept


TARGETS: Port[UploadTarget] = Port("upload targets")
"""Key: the target's name, `<package>.<noun>`."""
