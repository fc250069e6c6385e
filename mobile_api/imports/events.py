"""News of files: what is built from a file is built anew when another is in force."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from muster.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ImportInForce(Event):
    """A file of a kind has replaced the one before it."""

    name: ClassVar[str] = "field.import_in_force"
    kind: str
    import_id: UUID
