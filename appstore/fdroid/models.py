"""What must be remembered of repositories: the key, stamps, who stands where, and capabilities."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified, Stamped

REPOSITORY: Final = 1


class FdroidRepository(Base):
    """The one row about all repositories: their key, and the last timestamp that was given out.

    `sealed_key` is opened by the keyring (purpose `fdroid`); `stamp` is the store-wide sequence.
    """

    __tablename__ = "app_fdroid_repository"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=REPOSITORY)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    stamp: Mapped[int] = mapped_column(BigInteger, default=0)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class FdroidSnapshot(Base):
    """What one timestamp names, for diffs: `{package: [hash of its texts, [[release id, flag]]]}`.

    The flag is 1 for a release that is shown as vulnerable. `stamp` is milliseconds since 1970 and
    unique in the whole store: it names exactly one view.
    """

    __tablename__ = "app_fdroid_snapshot"

    stamp: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    view_key: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class FdroidStand(Base):
    """Which view a reader was shown last, under which stamp, and the stamps before, newest first.

    `reader` is `device:<id>` or `group:<id>`, with what else decides the view behind it. `mark` is
    that of `freshness.py` when the view was last resolved.
    """

    __tablename__ = "app_fdroid_stand"

    reader: Mapped[str] = mapped_column(String(100), primary_key=True)
    view_key: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64))
    stamp: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[list[Any]] = mapped_column(default=list)


class FdroidAccess(Identified, Stamped, Base):
    """One capability: whoever has its secret address sees what the terminal may see.

    The secret is known by its hash only. It ends at `expires_at`, when it is revoked, and with the
    terminal's own standing.
    """

    __tablename__ = "app_fdroid_access"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
