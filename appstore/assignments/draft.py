"""What an assignment says, before it is kept: checked as a whole, whoever wrote it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appstore.assignments.errors import BlockedIsBare, DatesTurned, PinUnknown
from appstore.assignments.models import Assignment
from appstore.releases.models import Release
from appstore.releases.states import APPROVED
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Draft:
    """All of an assignment but its app and its audience."""

    mode: str
    reason: str
    pinned_code: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    conditions: dict[str, Any] = field(default_factory=dict)
    deadline: datetime | None = None

    @classmethod
    def of(cls, row: Assignment) -> "Draft":
        """Return what a row says."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    def changed(self, changes: Mapping[str, Any]) -> "Draft":
        """Return the draft with some parts changed."""
        return replace(self, **changes)

    def write(self, row: Assignment) -> None:
        """Write the draft into its row."""
        for name, value in asdict(self).items():
            setattr(row, name, value)

    def check(self, uow: UnitOfWork, app_id: UUID) -> None:
        """Raise `DatesTurned`, `BlockedIsBare` or `PinUnknown`."""
        if self.starts and self.ends and self.ends <= self.starts:
            raise DatesTurned
        said = (self.pinned_code, self.deadline)
        if self.mode == "blocked" and (self.conditions or any(one is not None for one in said)):
            raise BlockedIsBare
        if self.pinned_code is None:
            return
        known = select(Release.id).where(
            Release.app_id == app_id,
            Release.version_code == self.pinned_code,
            Release.state.in_(APPROVED),
        )
        if uow.session.scalar(known.limit(1)) is None:
            raise PinUnknown
