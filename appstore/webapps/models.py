"""Pages that are apps, and the bundles of files that come with some of them."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class WebPage(Base):
    """What a release of kind web is beside its `Release` row, which names the bundle if any."""

    __tablename__ = "app_web_page"
    __table_args__ = (Index("ix_app_web_page_icon_sha256", "icon_sha256"),)

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(500))
    scopes: Mapped[list[str]] = mapped_column(default=list)
    icon_sha256: Mapped[str] = mapped_column(String(64))
    icon_blob_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))


class WebBundle(Identified, Stamped, Base):
    """A zip of static files that waits to be named by a release. state: waiting|read|refused.

    `fault` is why it was refused. `quarantine_id` names sealed bytes that wait to be read.
    """

    __tablename__ = "app_web_bundle"

    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    fault: Mapped[str] = mapped_column(String(500), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    files: Mapped[int] = mapped_column(default=0)
    blob_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
    quarantine_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_blob.id"))
