"""News of the address library."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from muster.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AddressBookBuilt(Event):
    """A new artefact is searched from now on."""

    name: ClassVar[str] = "field.address_book_built"
    import_id: UUID
