"""What is known of each terminal's keys, the challenges that are out, and the lists they face."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mdm.attestation.reasons import Result
from muster.kernel.model import Base, Identified


class Attestation(Base):
    """The verdict in force on one terminal's key.

    result: verified | failed | unknown; reason: `reasons.py`, '' when verified. A verified one
    counts until `expires_at`. `serials` and `root_pin` let a new list take it back.
    """

    __tablename__ = "mdm_attestation"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"), primary_key=True)
    result: Mapped[Result] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(32))
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    os_patch: Mapped[date | None]
    serials: Mapped[list[str]] = mapped_column(default=list)
    root_pin: Mapped[str] = mapped_column(String(64), default="")
    status_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_attestation_list.id"))
    checked_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class AttestationChallenge(Base):
    """A challenge that is out: its SHA-256, and whom it was given to. It is spent by deleting it."""

    __tablename__ = "mdm_attestation_challenge"
    __table_args__ = (Index("ix_mdm_attestation_challenge_expires_at", "expires_at"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_device.id"))
    token_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_enrol_token.id"))
    expires_at: Mapped[datetime]


ROOTS: Final = "roots"
STATUS: Final = "status"
AGENTS: Final = "agents"


class AttestationList(Identified, Base):
    """One imported list; the newest of each kind is in force.

    kind: roots ({pin: subject}) | status ({serial: status}) | agents ({package: [signer, …]}).
    `as_of` is when it was true, `imported_at` when it came here, `sha256` that of the file.
    """

    __tablename__ = "mdm_attestation_list"
    __table_args__ = (Index("ix_mdm_attestation_list_kind_id", "kind", "id"),)

    kind: Mapped[str] = mapped_column(String(8))
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(255))
    as_of: Mapped[datetime]
    imported_at: Mapped[datetime]
