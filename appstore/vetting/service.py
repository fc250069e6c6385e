"""Keeping verdicts and reading them back; whoever may see a release may see its checks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select

from appstore.vetting.judge import Check
from appstore.vetting.models import CheckRow
from appstore.vetting.rules import VERSION
from muster.kernel.uow import UnitOfWork

_EVIDENCE = 100  # lines; a hostile manifest could give thousands


def keep(uow: UnitOfWork, release_id: UUID, checks: Sequence[Check]) -> None:
    """Write the checks of a release, in the place of earlier ones."""
    uow.session.execute(delete(CheckRow).where(CheckRow.release_id == release_id))
    rows = [
        {
            "release_id": release_id,
            "rule": check.rule,
            "place": place,
            "verdict": check.verdict,
            "title": check.title,
            "evidence": list(check.evidence[:_EVIDENCE]),
            "rule_set": VERSION,
        }
        for place, check in enumerate(checks)
    ]
    uow.session.execute(insert(CheckRow), rows)


def checks_of(uow: UnitOfWork, release_id: UUID) -> Sequence[CheckRow]:
    """Return the checks of a release in the rules' order."""
    query = select(CheckRow).where(CheckRow.release_id == release_id)
    return uow.session.scalars(query.order_by(CheckRow.place)).all()
