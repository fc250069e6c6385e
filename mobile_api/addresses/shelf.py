"""The artefacts a process holds open, named by their content.

A book in a bucket is copied to the state folder once; processes that share the folder share the
copy, because it appears under its name in one step and only when its hash is right.
"""

import hashlib
import os
import tempfile
import threading
from pathlib import Path
from typing import Final

from mobile_api.addresses.errors import AddressBookDamaged
from muster.kernel.kernel import Kernel
from muster.kernel.ports import Port
from muster.ondevice.addresses import AddressBook, AddressError

_KEPT = 2  # the newest, and the one that requests under way may still use


class Shelf:
    """Open address books by SHA-256; any thread may ask."""

    def __init__(self) -> None:
        self._books: dict[str, AddressBook] = {}
        self._lock = threading.Lock()

    def book(self, kernel: Kernel, sha256: str) -> AddressBook:
        """Return the book of this content, opened at the first question.

        Raises `AddressBookDamaged` if its bytes are not what they were, or no address book.
        """
        found = self._books.get(sha256)
        return found if found is not None else self._opened(kernel, sha256)

    def _opened(self, kernel: Kernel, sha256: str) -> AddressBook:
        with self._lock:
            if sha256 not in self._books:
                path = kernel.blobs.path(sha256) or _copy(kernel, sha256)
                try:
                    self._books = {**self._books, sha256: AddressBook(path)}
                except AddressError as error:
                    raise AddressBookDamaged from error
                while len(self._books) > _KEPT:
                    eldest, *_ = self._books
                    self._books.pop(eldest).close()
            return self._books[sha256]


SHELF: Final[Port[Shelf]] = Port("shelf of address books", frozenset({"addresses"}))


def _copy(kernel: Kernel, sha256: str) -> Path:
    folder = kernel.settings.state_dir / "addresses"
    target = folder / f"{sha256}.sqlite"
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{sha256}.", dir=folder)
    draft = Path(name)
    try:
        digest = hashlib.sha256()
        with os.fdopen(handle, "wb") as file:
            for piece in kernel.blobs.open_shared(sha256):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != sha256:
            raise AddressBookDamaged
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
