"""Files of the download centre, their versions, who must have them and who fetched them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified, Versioned

SLUG: Final = r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"
"""Short names: small letters, digits and single hyphens."""


class StoreFile(Identified, Versioned, Base):
    """A file by its `slug`, whatever its version; its publishers are those of `unit_id`.

    kind: document|map|certificate|form|tool|other. audience: everyone|sworn|unit|group|role; the
    last three with `audience_unit_id` (and all below it), `audience_group_id` (of terminals) or
    `audience_role`. state: open|withdrawn.
    """

    __tablename__ = "app_file"

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_zh: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(String(2000), default="")
    kind: Mapped[str] = mapped_column(String(16), default="document")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    audience: Mapped[str] = mapped_column(String(16), default="everyone")
    audience_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    audience_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_group.id"))
    audience_role: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[str] = mapped_column(String(16), default="open")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))


class FileVersion(Identified, Versioned, Base):
    """One version of a file; `number` counts from 1.

    state: scanning (its bytes wait sealed in `quarantine_id`) → waiting (for a second person) →
    current → superseded|expired|withdrawn; or rejected, for the `refused` problem's code. Hash,
    size and media type are empty until the bytes were read; the media type is ours, never what
    somebody said.
    """

    __tablename__ = "app_file_version"
    __table_args__ = (
        UniqueConstraint("file_id", "number"),
        Index("ix_app_file_version_sha256", "sha256"),
        Index("ix_app_file_version_expires_at", "state", "expires_at"),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("app_file.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    media_type: Mapped[str] = mapped_column(String(127), default="")
    original_name: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(String(4000), default="")
    refused: Mapped[str] = mapped_column(String(64), default="")
    expires_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    blob_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    quarantine_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_approval.id"))


class FileAssignment(Base):
    """A group whose terminals must have a file: it is named in their signed desired state."""

    __tablename__ = "app_file_assignment"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_group.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("app_file.id"), primary_key=True, index=True)
    assigned_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class FileFetch(Base):
    """That somebody began to fetch a version: a terminal, or an officer at the console.

    `holder_id` is the terminal's id where there is one, else the officer's. holder: terminal|officer.
    """

    __tablename__ = "app_file_fetch"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("app_file_version.id"), primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(16))
    times: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
