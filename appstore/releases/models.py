"""The releases of apps: one signed file each, from upload to retirement."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import ids
from muster.kernel.model import Base, Identified, Versioned

_LIVING = text("state NOT IN ('uploaded', 'scanning', 'rejected')")


class Release(Identified, Versioned, Base):
    """One version of an app; `state` moves as `states.py` says. kind: apk|apks|web.

    What the file says (`package` … `facts`) is empty until it was read; then `facts` are
    `ApkFacts.as_dict()`. `app_id` is None until the package is one of the store's, so a rejected
    first upload claims no name. `unit_id` is that of the app, or else the submitter's.
    `quarantine_id` names sealed bytes that wait to be read, `blob_id` those terminals may get,
    `icon_id` the picture people know the app by.
    `salt` draws the rollout's buckets. Of a split set (`apks`) this row names the base APK; its
    splits are `ReleaseFile`s. A web app's `blob_id` is its bundle, if it has one. `urgent` is a
    security release that goes with one approver and is reviewed afterwards; `urgent_reason` is why.
    `reissues` names the request to bring older code again that it is to answer.
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
    kind: Mapped[str] = mapped_column(String(8), default="apk")
    urgent: Mapped[bool] = mapped_column(default=False)
    urgent_reason: Mapped[str] = mapped_column(String(1000), default="")
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
    icon_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_approval.id"))
    reissues: Mapped[UUID | None]


class ReleaseFile(Base):
    """One split beside the base APK of a split set; `applies_to` says to which terminals.

    `applies_to` is `{}` (all), or one of `{"abi": …}`, `{"density": …}`, `{"language": …}`.
    """

    __tablename__ = "app_release_file"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    applies_to: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))


class ReleaseApproval(Base):
    """One approver's consent to a release; a sensitive one needs two of them."""

    __tablename__ = "app_release_approval"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), primary_key=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(1000), default="")
