"""The releases of apps: one signed file each, from upload to retirement."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import ids
from muster.kernel.model import Base, Identified, Versioned

_LIVING = text("state NOT IN ('uploaded', 'scanning', 'rejected')")


class Release(Identified, Versioned, Base):
    """One uploaded file; `state` moves as `states.py` says.

    What the file says (`package` … `facts`) is empty until it was read; then `facts` are
    `ApkFacts.as_dict()`. `app_id` is None until the package is one of the store's, so a rejected
    first upload claims no name. `unit_id` is that of the app, or else the submitter's.
    `quarantine_id` names sealed bytes that wait to be read, `blob_id` those terminals may get.
    `salt` draws the rollout's buckets.
    """

    __tablename__ = "app_release"
    __table_args__ = (
        Index("ix_app_release_app_id", "app_id", "id"),
        Index("ix_app_release_sha256", "sha256"),
        Index(
            "uq_app_release_version",
            "app_id",
            "version_code",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
    )

    app_id: Mapped[UUID | None] = mapped_column(ForeignKey("app_app.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    state: Mapped[str] = mapped_column(String(16), default="uploaded")
    notes: Mapped[str] = mapped_column(String(4000), default="")
    package: Mapped[str] = mapped_column(String(223), default="")
    version_code: Mapped[int] = mapped_column(BigInteger, default=0)
    version_name: Mapped[str] = mapped_column(String(500), default="")
    label: Mapped[str] = mapped_column(String(500), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    signer: Mapped[str] = mapped_column(String(64), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    salt: Mapped[str] = mapped_column(String(64), default=lambda: ids.token(128))
    blob_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    quarantine_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_approval.id"))
