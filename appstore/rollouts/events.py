"""News about rollouts."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from muster.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RolloutChanged(Event):
    """A rollout began, rose, was halted or went on."""

    name: ClassVar[str] = "appstore.rollout_changed"
    rollout_id: UUID
    release_id: UUID
    group_id: UUID
    percent: int
    state: str
