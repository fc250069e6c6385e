"""What apps are told to be, by group of terminals."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Versioned

_EVERYBODY = text("group_id IS NULL")


class AppConfig(Identified, Versioned, Base):
    """The values of one app for one group of terminals; `group_id` is None for everybody.

    `document` is `{key: value}` as the newest approved release declared its keys when it was
    written. `secrets` are the keys whose values people marked as secret. `misfits` names, by
    version code of an approved release, the keys that its declaration does not accept.
    """

    __tablename__ = "app_managed_config"
    __table_args__ = (
        Index("uq_app_managed_config_app_group", "app_id", "group_id", unique=True),
        Index(
            "uq_app_managed_config_everybody",
            "app_id",
            unique=True,
            sqlite_where=_EVERYBODY,
            postgresql_where=_EVERYBODY,
        ),
    )

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("mdm_group.id"), index=True)
    document: Mapped[dict[str, Any]]
    secrets: Mapped[list[str]] = mapped_column(default=list)
    misfits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
