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
        for model in (HeldEvidence, QuarantinedEvidence):
            over = select(model).where(model.held_until < uow.now()).limit(_AT_ONCE)
            for row in uow.session.scalars(over):
                uow.kernel.blobs.erase(uow, row.blob_id)
                uow.session.delete(row)
