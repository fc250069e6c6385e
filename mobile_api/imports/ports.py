"""What the imports room asks of the room whose file it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mobile_api.imports.models import ImportVersion
from muster.kernel.errors import Fault
from muster.kernel.ports import Port
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Reading:
    """A file as rows ready to be written, and everything that is wrong with it.

    A fault points at `/<line>/<column>`, the heading being line 1.
    """

    rows: Sequence[Any]
    faults: Sequence[Fault] = field(default=())


@dataclass(frozen=True)
class Importer:
    """How one kind of file is read and written.

    `read` gets a unit of work that only reads and must not raise for bad content. `write` takes
    rows of one reading: with `batch` rows at a time in transactions of their own, to be filed
    under the version's id and seen once it is current; without `batch` all in the one transaction
    that ends the import.
    """

    kind: str
    read: Callable[[UnitOfWork, bytes], Reading]
    write: Callable[[UnitOfWork, ImportVersion, Sequence[Any]], None]
    batch: int | None = None


IMPORTERS: Port[Importer] = Port("file importers")
"""Key: the kind, as in `POST /admin/v1/imports/<kind>`."""
