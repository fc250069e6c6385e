"""Shared objects: one per content, whoever stores it, whenever."""

import hashlib
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from muster.kernel.blobs import Blob, BlobMissing, Blobs
from muster.kernel.db import Mode
from muster.kernel.uow import UnitOfWork

Unit = Callable[..., UnitOfWork]
CONTENT = b"the tile of a city" * 40_000


def test_any_kind_of_source_is_the_same_object(blobs: Blobs, unit: Unit, tmp_path: Path) -> None:
    file = tmp_path / "tile"
    file.write_bytes(CONTENT)
    ids = set()
    for source in (CONTENT, file, io.BytesIO(CONTENT), iter([CONTENT[:7], CONTENT[7:]])):
        with unit() as uow:
            blob = blobs.put_shared(uow, source, "image/png")
            ids.add(blob.id)
            assert blob.size == len(CONTENT)
    assert len(ids) == 1
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert b"".join(blobs.open_shared(digest)) == CONTENT
    assert b"".join(blobs.open_shared(digest, offset=5, length=9)) == CONTENT[5:14]
    assert blobs.size(digest) == len(CONTENT)
    path = blobs.path(digest)
    assert path is None or path.read_bytes() == CONTENT


def test_two_writers_of_one_content_at_once_share_one_row(blobs: Blobs, unit: Unit) -> None:
    start = threading.Barrier(2)

    def put() -> object:
        stored = blobs.store_shared(b"same")
        with unit() as uow:
            start.wait()
            return blobs.record(uow, stored, "text/plain").id

    with ThreadPoolExecutor(2) as pool:
        ids = {future.result() for future in [pool.submit(put) for _ in range(2)]}
    with unit(Mode.READS) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Blob)) == 1
    assert len(ids) == 1


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_an_unknown_or_impossible_name_is_not_found(blobs: Blobs, name: str) -> None:
    for ask in (blobs.open_shared, blobs.size, blobs.path):
        with pytest.raises(BlobMissing):
            ask(name)
