"""Packages: what was built, signed, and is handed out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class FieldPackage(Identified, Base):
    """One build of a kind. `number` rises with each build and is the version that terminals see.

    `manifest` is sealed (`muster.ondevice.manifest`). Of each kind one build is `current`; the one
    before it stays until the next, so that a download under way can end.
    """

    __tablename__ = "field_package"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    kind: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("kern_blob.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    manifest: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    current: Mapped[bool]
    created_at: Mapped[datetime]

    @property
    def url(self) -> str:
        """Where the content is fetched."""
        return f"/mobile/v1/packages/{self.id}/content"

    @property
    def version(self) -> str:
        """The version as manifests name it."""
        return str(self.number)
