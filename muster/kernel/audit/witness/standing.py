"""How far each witness has followed, as a page and a command show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from muster.kernel.audit.models import CHECKPOINTS, COSIGNATURES
from muster.kernel.audit.notes import parse
from muster.kernel.audit.standing import standing
from muster.kernel.audit.witness.cosignature import WitnessKey
from muster.kernel.audit.witness.models import Witness

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Seen:
    """One witness. `holds`: the checkpoint it cosigned is still ours, and signed with its key.

    `behind` is how many sealed entries it has not cosigned yet.
    """

    name: str
    url: str
    state: str  # ok|unreachable|refused|never
    detail: str
    size: int
    behind: int
    signed_at: datetime | None
    holds: bool

    def __str__(self) -> str:
        if self.signed_at is None:
            return f"witness {self.name}: has cosigned nothing yet ({self.detail or self.state})"
        valid = "" if self.holds else "; ITS COSIGNATURE IS NOT VALID"
        told = "" if self.state == "ok" else f"; {self.state}: {self.detail}"
        return (
            f"witness {self.name}: cosigned {self.size} entries, {self.behind} behind{told}{valid}"
        )


def seen(uow: "UnitOfWork") -> list[Seen]:
    """Return every witness of the settings, with its newest cosignature checked."""
    settings, sealed = uow.kernel.settings, standing(uow).sealed
    pairs = zip(settings.witness_urls, settings.witness_keys, strict=True)
    return [_seen(uow, url, WitnessKey.parse(key), sealed) for url, key in pairs]


def _seen(uow: "UnitOfWork", url: str, key: WitnessKey, sealed: int) -> Seen:
    row = uow.session.get(Witness, key.name)
    newest = uow.session.execute(
        select(COSIGNATURES.c.size, COSIGNATURES.c.line, CHECKPOINTS.c.note)
        .outerjoin(CHECKPOINTS, CHECKPOINTS.c.size == COSIGNATURES.c.size)
        .where(COSIGNATURES.c.witness == key.name)
        .order_by(COSIGNATURES.c.size.desc())
        .limit(1)
    ).first()
    kept = newest is not None and newest.note is not None
    found = key.find(newest.line, parse(newest.note)) if newest and kept else None
    size = newest.size if newest else 0
    return Seen(
        key.name,
        url,
        row.state if row else "never",
        row.detail if row else "",
        size,
        sealed - size,
        row.signed_at if row else None,
        found is not None,
    )
