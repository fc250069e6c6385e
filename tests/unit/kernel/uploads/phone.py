"""A phone that uploads over a bad network, calling the service as the routes do."""

import base64
import hashlib
import io
import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from muster.kernel.db import Mode
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import append, begin, status, terminate
from muster.kernel.uploads.headers import Checksum


class Dying:
    """A body whose connection dies after some bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int, /) -> bytes:
        if piece := self._content.read(size):
            return piece
        raise OSError("connection reset")


class Hanging:
    """A body that delivers some bytes, then keeps its reader waiting until released."""

    def __init__(self, content: bytes, then: bytes = b"") -> None:
        self._parts = [content, then]
        self.hangs, self.go_on = threading.Event(), threading.Event()

    def read(self, size: int, /) -> bytes:
        if len(self._parts) == 1:
            self.hangs.set()
            assert self.go_on.wait(20)
        return self._parts.pop(0) if self._parts else b""


@dataclass
class Phone:
    """One officer on one terminal."""

    kernel: Any
    actor: Actor

    def begin(self, length: int, **metadata: str) -> UUID:
        with UnitOfWork(self.kernel, Mode.READS) as uow:
            return begin(uow, self.actor, length, {"target": "evidence"} | metadata).id

    def offset(self, upload: UUID) -> int:
        with UnitOfWork(self.kernel, Mode.READS) as uow:
            return status(uow, self.actor, upload).offset

    def send(self, upload: UUID, offset: int, body: Any, **options: Any) -> int:
        if isinstance(body, bytes):
            options.setdefault("announced", len(body))
            body = io.BytesIO(body)
        with UnitOfWork(self.kernel, Mode.READS) as uow:
            return append(uow, self.actor, upload, offset, body, **options).offset

    def give_up(self, upload: UUID) -> None:
        with UnitOfWork(self.kernel, Mode.READS) as uow:
            terminate(uow, self.actor, upload)

    def delivered(self, blob_id: UUID) -> bytes:
        with UnitOfWork(self.kernel, Mode.READS) as uow:
            return b"".join(self.kernel.blobs.read_sealed(uow, blob_id))


def checksum(content: bytes, algorithm: str = "sha256") -> Checksum:
    return Checksum(algorithm, hashlib.new(algorithm, content).digest())


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
