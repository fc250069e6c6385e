"""How far a release has gone: rings, and what terminals say became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified, Versioned


class Rollout(Identified, Versioned, Base):
    """One release on its way into one ring, a group of terminals.

    `percent` of the ring's terminals (1..100) are reached; it only rises. mode:
    required|available. state: rolling|halted; halted, it reaches no further terminal. `conditions`
    and `deadline` are those of `terms.py`. `gate` holds what of the health gate differs from
    `gates.DEFAULTS`; reports that came before `counted_from`, when it began or was resumed, do not
    count.
    """

    __tablename__ = "app_rollout"
    __table_args__ = (
        UniqueConstraint("release_id", "group_id"),
        Index("ix_app_rollout_group_id", "group_id"),
    )

    release_id: Mapped[UUID] = mapped_column(ForeignKey("app_release.id"))
    group_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_group.id"))
    percent: Mapped[int]
    mode: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="rolling")
    started_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    gate: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counted_from: Mapped[datetime] = mapped_column(default=clock.now)
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    deadline: Mapped[datetime | None]


class InstallReport(Base):
    """What a terminal last said of one app, and the version it last said is installed.

    state: installed|downloading|waiting|waiting_outbox|failed|removed|unknown. `version_code` is the one `state` speaks
    of; a failed update leaves `installed_code` as it was. `reason` says for programs why (see
    `reasons.py`), `number` is the agent's own of the last report beside a check-in, `config_hash`
    that of the managed configuration it applied.
    """

    __tablename__ = "app_install_report"
    __table_args__ = (Index("ix_app_install_report_package", "package", "installed_code"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_device.id"), primary_key=True)
    package: Mapped[str] = mapped_column(String(223), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    version_code: Mapped[int | None] = mapped_column(BigInteger)
    installed_code: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[str] = mapped_column(String(1000), default="")
    reason: Mapped[str] = mapped_column(String(32), default="")
    number: Mapped[int] = mapped_column(BigInteger, default=0)
    config_hash: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
