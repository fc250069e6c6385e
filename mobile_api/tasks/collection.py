"""Tasks as terminals hold them offline: the collection `tasks` of offline sync."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.scopes import ReadOnly, held_units
from mobile_api.tasks.models import Task
from muster.kernel.clock import rfc3339
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

NAME: Final = "tasks"


class TaskCollection(ReadOnly):
    """Tasks of the officer's unit and of all above it."""

    def visible(self, uow: UnitOfWork, actor: Actor) -> list[str]:
        """Return the units whose tasks this officer may hold."""
        return held_units(uow, actor, "field.task.read", "Task")

    def load(
        self, uow: UnitOfWork, actor: Actor, ids: Sequence[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return the bodies."""
        wanted = [UUID(one) for one in ids]
        rows = uow.session.scalars(select(Task).where(Task.id.in_(wanted)))
        return {str(row.id): _body(row) for row in rows}


def _body(row: Task) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "incident": row.incident,
        "assignee": row.assignee,
        "beat": row.beat,
        "due_at": rfc3339(row.due_at),
        "state": row.state,
    }
