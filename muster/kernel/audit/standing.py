"""How far the log is written and sealed: the line an auditor's page begins with."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from muster.kernel.audit.models import CHECKPOINTS, ENTRIES

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

_MOST_COUNTED: Final = 1000


@dataclass(frozen=True)
class Standing:
    """Entries written and sealed, and the last checkpoint; `written` counts at most 1 000 ahead."""

    written: int = 0
    sealed: int = 0
    root: bytes = b""
    sealed_at: datetime | None = None
    key_id: str = ""


def standing(uow: "UnitOfWork") -> Standing:
    """Return how the log stands, in two statements."""
    columns = (CHECKPOINTS.c[name] for name in ("size", "root", "at", "key_id", "n"))
    last = uow.session.execute(
        select(*columns).order_by(CHECKPOINTS.c.size.desc()).limit(1)
    ).first()
    ahead = select(ENTRIES.c.n).where(ENTRIES.c.n > (last.n if last else 0)).limit(_MOST_COUNTED)
    waiting = uow.session.scalar(select(func.count()).select_from(ahead.subquery())) or 0
    if last is None:
        return Standing(written=waiting)
    return Standing(last.size + waiting, last.size, last.root, last.at, last.key_id)
