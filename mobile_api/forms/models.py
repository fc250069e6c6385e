"""Forms and their versions, which never change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Form(Identified, Versioned, Base):
    """A form by its own id, for the whole force or for a unit and all below it.

    `version_id` is the version terminals get now; `rev` rises whenever what they get changes.
    """

    __tablename__ = "field_form"

    form_id: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    version_id: Mapped[UUID | None]
    rev: Mapped[int] = mapped_column(default=0)


class FormVersion(Identified, Base):
    """One version: the exact XForm bytes, and what they mean to a terminal and to a check.

    `fields` are the described fields in order; `bindings` pairs of path and kind of subject;
    `deadline_ms` how long a record's answer may wait for checks. Hashes are of `xform`, in hex.
    """

    __tablename__ = "field_form_version"
    __table_args__ = (UniqueConstraint("form_id", "version"),)

    form_id: Mapped[UUID] = mapped_column(ForeignKey("field_form.id"))
    version: Mapped[str] = mapped_column(String(64))
    xform: Mapped[bytes] = mapped_column(LargeBinary)
    md5: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    xlsx_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))
    xlsx_sha256: Mapped[str] = mapped_column(String(64))
    fields: Mapped[list[Any]]
    bindings: Mapped[list[Any]]
    purpose: Mapped[str] = mapped_column(String(32))
    deadline_ms: Mapped[int]
    published_by: Mapped[str] = mapped_column(String(32))
    published_at: Mapped[datetime]
