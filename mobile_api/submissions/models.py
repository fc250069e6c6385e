"""Records, their content by version, and what their subjects' checks came to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class Submission(Identified, Base):
    """One record, named by the instance id its terminal gave it.

    Officer, unit, terminal and session are its author's, whoever carried it in. `lon` and `lat`
    are WGS-84, the `original_` ones degrees of `datum`. Nothing is ordered by `device_time`.
    """

    __tablename__ = "field_submission"
    __table_args__ = (
        Index("ix_field_submission_unit_id_id", "unit_id", "id"),
        Index("ix_field_submission_officer_id_id", "officer_id", "id"),
        Index("ix_field_submission_incident", "incident"),
    )

    instance_id: Mapped[UUID] = mapped_column(unique=True)
    form_id: Mapped[UUID] = mapped_column(ForeignKey("field_form.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    officer_number: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    device_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    surface: Mapped[str] = mapped_column(String(16))
    incident: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    device_time: Mapped[datetime | None]
    received_at: Mapped[datetime]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    datum: Mapped[str | None] = mapped_column(String(16))
    original_lon: Mapped[float | None]
    original_lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]


class SubmissionVersion(Identified, Base):
    """A record's content. `content_hash` is over what was sent, so a retry is told from a change."""

    __tablename__ = "field_submission_version"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("field_submission.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(unique=True)
    form_version_id: Mapped[UUID] = mapped_column(ForeignKey("field_form_version.id"))
    content_hash: Mapped[str] = mapped_column(String(80))
    answers: Mapped[dict[str, Any]]
    current: Mapped[bool] = mapped_column(default=True)


class SubmissionCheck(Identified, Base):
    """A subject a record holds, and its check; without one, `code` and `detail` say why not."""

    __tablename__ = "field_submission_check"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("field_submission_version.id"), index=True)
    path: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(16))
    check_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("field_check_request.id", ondelete="SET NULL")
    )
    code: Mapped[str] = mapped_column(String(64), default="")
    detail: Mapped[str] = mapped_column(String(500), default="")
