"""News about releases."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from muster.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReleaseApproved(Event):
    """A second person agreed that a release may go out."""

    name: ClassVar[str] = "appstore.release_approved"
    release_id: UUID
    package: str
    version_code: int


@dataclass(frozen=True, kw_only=True)
class ReleaseWithdrawn(Event):
    """A release was retired or blocked; `state` says which."""

    name: ClassVar[str] = "appstore.release_withdrawn"
    release_id: UUID
    package: str
    state: str
