"""The apps of the store: whose they are and who signs them."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned


class App(Identified, Versioned, Base):
    """One package, owned by the unit whose publishers brought it. kind: apk|web.

    `signers` are SHA-256 hashes of signing certificates, oldest first: empty until the first
    release is approved, then extended only by a proven successor. `label` is that of the newest
    approved release. `visibility`: everyone|sworn, which officers may fetch it for themselves.
    """

    __tablename__ = "app_app"

    package: Mapped[str] = mapped_column(String(223), unique=True)
    kind: Mapped[str] = mapped_column(String(8), default="apk")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    label: Mapped[str] = mapped_column(String(500))
    label_zh: Mapped[str] = mapped_column(String(500), default="")
    category: Mapped[str] = mapped_column(String(64), default="")
    visibility: Mapped[str] = mapped_column(String(16), default="everyone")
    signers: Mapped[list[str]] = mapped_column(default=list)
