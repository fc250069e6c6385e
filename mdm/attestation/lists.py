"""The lists in force: pinned roots, revoked keys, our agents. The same rows for every worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mdm.attestation.models import AGENTS, ROOTS, STATUS, AttestationList
from mdm.attestation.verdict import Trust
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Lists:
    """The newest list of each kind, None where there is none; `now` is when they were looked up.

    `status_days`: a status list older than that is shown as old. It still counts: revocations do
    not go away, but newer ones are missing.
    """

    roots: AttestationList | None
    status: AttestationList | None
    agents: AttestationList | None
    now: datetime
    status_days: int

    @property
    def trust(self) -> Trust:
        """What chains are held against."""
        return Trust(
            roots=frozenset(_document(self.roots)),
            revoked=_document(self.status) if self.status else None,
            agents={name: frozenset(by) for name, by in _document(self.agents).items() if by},
        )

    @property
    def status_age(self) -> timedelta | None:
        """How old the status list is."""
        return self.now - self.status.as_of if self.status else None

    @property
    def status_old(self) -> bool:
        """Whether the status list is missing or older than it should be."""
        age = self.status_age
        return age is None or age > timedelta(days=self.status_days)


def current(uow: UnitOfWork) -> Lists:
    """Return the lists in force. Nothing is decided here."""
    return Lists(
        _newest(uow, ROOTS),
        _newest(uow, STATUS),
        _newest(uow, AGENTS),
        uow.now(),
        uow.kernel.settings.attestation_status_days,
    )


def status_as_of(uow: UnitOfWork, list_id: UUID | None) -> datetime | None:
    """Return of when a status list was."""
    if list_id is None:
        return None
    return uow.session.scalar(select(AttestationList.as_of).where(AttestationList.id == list_id))


def _newest(uow: UnitOfWork, kind: str) -> AttestationList | None:
    return uow.session.scalar(
        select(AttestationList)
        .where(AttestationList.kind == kind)
        .order_by(AttestationList.id.desc())
        .limit(1)
    )


def _document(row: AttestationList | None) -> Mapping[str, Any]:
    return row.document if row else {}
