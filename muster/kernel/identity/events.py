"""News from the identity room."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from muster.kernel.events.event import Event


@dataclass(frozen=True, kw_only=True)
class OfficerSuspended(Event):
    """An officer was suspended: every session of theirs has ended."""

    name: ClassVar[str] = "identity.officer_suspended"
    officer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfficerReinstated(Event):
    """A suspended officer may sign in again."""

    name: ClassVar[str] = "identity.officer_reinstated"
    officer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfficerChanged(Event):
    """An officer came in, or their unit, kind or roles changed; what they may hold changes too."""

    name: ClassVar[str] = "identity.officer_changed"
    officer_id: UUID


@dataclass(frozen=True, kw_only=True)
class UnitsChanged(Event):
    """Units came in, were renamed or moved in the tree."""

    name: ClassVar[str] = "identity.units_changed"
