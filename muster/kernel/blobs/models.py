"""The table of objects: what is stored where, and for sealed ones the wrapped key."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified

_SHARED = text("kind = 'shared'")


class Blob(Identified, Base):
    """One object. `sha256` (hex) and `size` (bytes) are those of the plain content.

    `kind` is shared or sealed. A sealed object with an `erased_at` has no `wrapped_key` any more.
    """

    __tablename__ = "kern_blob"
    __table_args__ = (
        Index(
            "uq_kern_blob_sha256",
            "sha256",
            unique=True,
            sqlite_where=_SHARED,
            postgresql_where=_SHARED,
        ),
    )

    kind: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(127))
    store_key: Mapped[str] = mapped_column(String(200))
    wrapped_key: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    erased_at: Mapped[datetime | None]
