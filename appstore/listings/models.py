"""What people are told of an app, by language: texts, pictures, change notes."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class Listing(Identified, Versioned, Base):
    """An app in one language (BCP 47): plain text; its version covers its pictures as well."""

    __tablename__ = "app_listing"
    __table_args__ = (UniqueConstraint("app_id", "locale"),)

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"))
    locale: Mapped[str] = mapped_column(String(35))
    name: Mapped[str] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(String(4000), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")


class Picture(Identified, Base):
    """One picture of a listing. kind: icon|feature|phone; `place` orders the screenshots from 0."""

    __tablename__ = "app_picture"
    __table_args__ = (
        Index("ix_app_picture_listing_id", "listing_id", "kind", "place"),
        Index("ix_app_picture_sha256", "sha256"),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("app_listing.id"))
    kind: Mapped[str] = mapped_column(String(8))
    place: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))


class ReleaseNote(Versioned, Base):
    """What is new in one release, in one language."""

    __tablename__ = "app_release_note"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"), primary_key=True)
    locale: Mapped[str] = mapped_column(String(35), primary_key=True)
    text: Mapped[str] = mapped_column(String(4000))
