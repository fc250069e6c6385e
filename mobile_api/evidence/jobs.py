"""Erasing files that no record ever named, and quarantined ones whose time is over."""

from typing import Any, Final

from sqlalchemy import select

from mobile_api.evidence.models import HeldEvidence, QuarantinedEvidence
from muster.kernel.kernel import Kernel

FORGET: Final = "field.evidence.forget"
_AT_ONCE: Final = 500


def forget(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Erase what is past `held_until`, key and row."""
    with kernel.writes() as uow:
        held = select(HeldEvidence).where(HeldEvidence.held_until < uow.now())
        aside = select(QuarantinedEvidence).where(QuarantinedEvidence.held_until < uow.now())
        over: list[HeldEvidence | QuarantinedEvidence] = [
            *uow.session.scalars(held.limit(_AT_ONCE)),
            *uow.session.scalars(aside.limit(_AT_ONCE)),
        ]
        for row in over:
            uow.kernel.blobs.erase(uow, row.blob_id)
            uow.session.delete(row)
