"""Content digests: SHA-2 over the whole APK in 1 MiB chunks, without the signing block.

Rule: Android "APK Signature Scheme v2", section "Integrity-protected contents".
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from .sections import Sections

CHUNK = 1 << 20


def content_digests(sections: Sections, hash_names: set[str]) -> dict[str, bytes]:
    """The content digest by hash name ("sha256", "sha512"), all in one pass over the file."""
    chunk_digests: dict[str, list[bytes]] = {name: [] for name in hash_names}
    for chunk in _chunks(sections):
        prefix = b"\xa5" + len(chunk).to_bytes(4, "little")
        for name, digests in chunk_digests.items():
            state = hashlib.new(name, prefix)
            state.update(chunk)
            digests.append(state.digest())
    return {name: _top_level(name, digests) for name, digests in chunk_digests.items()}


def file_sha256(sections: Sections) -> str:
    """Lower-case hex SHA-256 of the file as uploaded."""
    state = hashlib.sha256()
    for offset in range(0, sections.size, CHUNK):
        state.update(sections.read(offset, min(CHUNK, sections.size - offset)))
    return state.hexdigest()


class Whole:
    """The hash of the file as uploaded, once it is there."""

    sha256 = ""


@contextmanager
def hashed_beside(sections: Sections) -> Iterator[Whole]:
    """Hash the file in a thread meanwhile: hashing leaves the interpreter, and a core, to others."""
    whole = Whole()
    thread = Thread(target=_fill, args=(whole, sections))
    thread.start()
    try:
        yield whole
    finally:
        thread.join()


def _fill(whole: Whole, sections: Sections) -> None:
    whole.sha256 = file_sha256(sections)


def _chunks(sections: Sections) -> Iterator[bytes]:
    spans = (0, sections.block_offset), (sections.directory_offset, sections.end_offset)
    for start, end in spans:
        for offset in range(start, end, CHUNK):
            yield sections.read(offset, min(CHUNK, end - offset))
    # Signing moved the directory; the digest sees it where it was: at the block's place.
    record = sections.end_record
    yield record[:16] + sections.block_offset.to_bytes(4, "little") + record[20:]


def _top_level(hash_name: str, digests: list[bytes]) -> bytes:
    prefix = b"\x5a" + len(digests).to_bytes(4, "little")
    return hashlib.new(hash_name, prefix + b"".join(digests)).digest()
