"""The files of one repository at one address under one stamp: made when asked for, signed here.

Jars and diffs are small and kept a while; the big index is put together again each time.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from appstore.fdroid import index_v1, index_v2, jar
from appstore.fdroid.diffs import diffs
from appstore.fdroid.entry import NAME as ENTRY
from appstore.fdroid.entry import entry
from appstore.fdroid.keys import signer
from appstore.fdroid.memory import Memory
from appstore.fdroid.reader import Reader
from appstore.fdroid.rendering import Rendering, v1_of
from appstore.fdroid.repository import DESCRIPTION, addresses
from appstore.fdroid.sheet import Repo
from appstore.fdroid.splice import Spliced
from appstore.fdroid.stamps import Stand

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

ENTRY_JAR: Final = "entry.jar"
V1_JAR: Final = "index-v1.jar"
V2: Final = "index-v2.json"
INDEXES: Final = frozenset((ENTRY_JAR, V1_JAR, V2))
_jars: Memory[bytes] = Memory(32 * 2**20)
_diffs: Memory[dict[int, tuple[Spliced, int]]] = Memory(256)


class Issue:
    """One repository at one address under one stamp."""

    def __init__(self, kernel: "Kernel", reader: Reader, stand: Stand, view: Rendering) -> None:
        self._kernel, self._stand, self._view = kernel, stand, view
        address, mirrors = addresses(kernel.settings, reader.path)
        self._address = address
        self._repo = Repo(
            kernel.settings.fdroid_name,
            DESCRIPTION,
            address,
            stand.stamp,
            mirrors,
            view.categories,
        )

    def entry_jar(self) -> bytes:
        """Return `entry.jar`."""
        count = len(self._view.content)
        return self._kept(
            ENTRY_JAR,
            lambda: self._signed(ENTRY, entry(self._stand.stamp, self.v2(), count, self.diffs())),
        )

    def v1_jar(self) -> bytes:
        """Return `index-v1.jar`."""
        return self._kept(V1_JAR, lambda: self._signed("index-v1.json", self._v1()))

    def v2(self) -> Spliced:
        """Return `index-v2.json`."""
        return Spliced(index_v2.head(self._repo), self._view.v2)

    def diffs(self) -> dict[int, tuple[Spliced, int]]:
        """Return the diffs towards this index by the stamp they start from."""
        key = self._address, self._stand.stamp
        known = _diffs.get(self._kernel.db, key)
        if known is not None:
            return known
        with self._kernel.reads() as uow:
            made = diffs(uow, self._stand.before, self._view.content, self._repo)
        return _diffs.put(self._kernel.db, key, made)

    def _v1(self) -> Spliced:
        with self._kernel.reads() as uow:
            return Spliced(index_v1.head(self._repo), v1_of(uow, self._view))

    def _signed(self, name: str, content: Spliced) -> bytes:
        return jar.signed(signer(self._kernel), name, content)

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        key = self._address, self._stand.stamp, name
        known = _jars.get(self._kernel.db, key)
        if known is None:
            made = make()
            known = _jars.put(self._kernel.db, key, made, len(made))
        return known
