import hashlib
from collections.abc import Callable, Iterator

import httpx
import pytest

from muster.handheld import Connection, Offline, Vault
from muster.handheld.errors import FileDamaged
from muster.handheld.files import PIECE, Files

CONTENT = bytes(range(256)) * (3 * PIECE // 256) + b"the end"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
Speaks = Callable[[Callable[[httpx.Request], httpx.Response]], Connection]


class Server:
    """Serves one file with ranges, and cuts the line after `patience` bytes of an answer."""

    def __init__(self, content: bytes = CONTENT, patience: int | None = None) -> None:
        self.content, self.patience, self.ranges = content, patience, list[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.headers.get("Range", "")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-") or 0) if asked else 0
        status = 206 if asked else 200
        return httpx.Response(status, stream=_Line(self.content[start:], self.patience))


class _Line(httpx.SyncByteStream):
    def __init__(self, content: bytes, patience: int | None) -> None:
        self.content, self.patience = content, patience

    def __iter__(self) -> Iterator[bytes]:
        yield self.content[: self.patience]
        if self.patience is not None:
            raise httpx.ReadError("the line is cut")


def test_a_cut_download_goes_on_where_it_stopped(vault: Vault, speaks: Speaks) -> None:
    server = Server(patience=PIECE + 1000)
    files = Files(vault, speaks(server))
    with pytest.raises(Offline):
        files.fetch("/file", SHA256, len(CONTENT))
    assert not files.has(SHA256)
    server.patience = None
    files.fetch("/file", SHA256, len(CONTENT))
    assert server.ranges == ["", f"bytes={PIECE}-"]
    assert b"".join(files.read(SHA256)) == CONTENT


def test_a_file_that_is_here_is_not_asked_for_again(vault: Vault, speaks: Speaks) -> None:
    server = Server()
    files = Files(vault, speaks(server))
    files.fetch("/file", SHA256, len(CONTENT))
    files.fetch("/file", SHA256, len(CONTENT))
    assert server.ranges == [""]


@pytest.mark.parametrize("content", [CONTENT[:-1] + b"!", CONTENT + b"more", CONTENT[:-1]])
def test_another_file_than_the_signed_one_is_dropped(
    content: bytes, vault: Vault, speaks: Speaks
) -> None:
    files = Files(vault, speaks(Server(content)))
    with pytest.raises(FileDamaged):
        files.fetch("/file", SHA256, len(CONTENT))
    assert list(files.read(SHA256)) == []


def test_a_server_that_knows_no_ranges_sends_it_whole(vault: Vault, speaks: Speaks) -> None:
    cut = Server(patience=PIECE)
    files = Files(vault, speaks(cut))
    with pytest.raises(Offline):
        files.fetch("/file", SHA256, len(CONTENT))
    whole = Files(vault, speaks(lambda _: httpx.Response(200, content=CONTENT)))
    whole.fetch("/file", SHA256, len(CONTENT))
    assert b"".join(whole.read(SHA256)) == CONTENT
