"""The kinds of packages: what each holds, how long it is good, and who makes its file."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mobile_api import addresses, registers
from muster.kernel.jobs import GiveUp
from muster.kernel.kernel import Kernel
from muster.ondevice import hotlist

MEDIA_TYPE: Final = addresses.MEDIA_TYPE
_SALT_BYTES: Final = 32


@dataclass(frozen=True)
class Kind:
    """One kind. `lifetime` is how long its manifest holds.

    `fill` writes the file of a version to a path and returns True, or False if there is nothing
    to pack. `sealed`: kept encrypted here, and erased when it is replaced.
    """

    name: str
    lifetime: timedelta
    sealed: bool
    fill: Callable[[Kernel, Path, str], bool]

    @property
    def file_name(self) -> str:
        """The file's name in the manifest."""
        return f"{self.name}.sqlite"

    @property
    def scope(self) -> str:
        """The sync scope of those who may hold it."""
        return f"package:{self.name}"


def _hot_list(kernel: Kernel, path: Path, version: str) -> bool:
    """Write the hot list under a fresh salt, so that two builds cannot be joined."""
    with kernel.reads() as uow:
        if "wanted" not in registers.sources(uow, ["wanted"]):
            return False
        try:
            hotlist.build(
                path,
                registers.hot_entries(uow),
                version=version,
                as_of=uow.now(),
                salt=secrets.token_bytes(_SALT_BYTES),
            )
        except hotlist.HotListError as error:
            raise GiveUp(str(error)) from error
    return True


def _addresses(kernel: Kernel, path: Path, version: str) -> bool:
    """Copy the artefact that the server itself searches."""
    with kernel.reads() as uow:
        book = addresses.newest_book(uow)
    if book is None:
        return False
    with path.open("wb") as file:
        file.writelines(kernel.blobs.open_shared(book.sha256))
    return True


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("hot_list", timedelta(days=3), True, _hot_list),
            Kind("addresses", timedelta(days=90), False, _addresses),
        )
    }
)
