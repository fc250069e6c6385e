"""Who may come in and where to: tokens, serial lists, pre-registrations, rules of units."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped, Versioned


class EnrolToken(Identified, Stamped, Base):
    """One QR code: into which unit, groups and class it enrols, how often and until when.

    kind: single (one terminal) | batch (up to `uses_left` terminals of one box). agent: native |
    headwind. ownership: personal (only `holder_id` signs in) | pooled. With `listed` only serials
    of its `ListedSerial` rows come in. `replaces` is the enrolment that ends when this one begins.
    With a `parent_id` a terminal's own agent asked for it, for a wearable of its holder; nobody
    else made it, so `created_by` is None.
    Only the secret's hash is kept; what else the code says (Wi-Fi, certificates) is not kept at all.
    """

    __tablename__ = "mdm_enrol_token"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(100), default="")
    uses_left: Mapped[int]
    expires_at: Mapped[datetime]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    group_ids: Mapped[list[str]] = mapped_column(default=list)
    device_class: Mapped[str] = mapped_column(String(32), default="handheld")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"), index=True)
    revoked_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(String(16), default="native")
    ownership: Mapped[str] = mapped_column(String(16), default="pooled")
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    needs_approval: Mapped[bool] = mapped_column(default=False)
    listed: Mapped[bool] = mapped_column(default=False)
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"))


class ListedSerial(Base):
    """A serial number that a batch token lets in once; `device_id` is who came in with it."""

    __tablename__ = "mdm_enrol_serial"

    token_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_enrol_token.id"), primary_key=True)
    serial: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"))
    used_at: Mapped[datetime | None]


class PreRegistration(Identified, Versioned, Base):
    """Where the terminal of a serial number or IMEI goes, whatever unit its token names.

    It holds for every enrolment of that terminal until somebody removes it; `device_id` is the
    last one. An empty `device_class` leaves the token's.
    """

    __tablename__ = "mdm_pre_registration"

    serial: Mapped[str | None] = mapped_column(String(64), unique=True)
    imei: Mapped[str | None] = mapped_column(String(20), unique=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    device_class: Mapped[str] = mapped_column(String(32), default="")
    group_ids: Mapped[list[str]] = mapped_column(default=list)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    ownership: Mapped[str] = mapped_column(String(16), default="pooled")
    ring: Mapped[str] = mapped_column(String(32), default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"))
    used_at: Mapped[datetime | None]


class EnrolRule(Versioned, Base):
    """What a unit, and all below it, wants of terminals that come in, whatever their token says."""

    __tablename__ = "mdm_enrol_rule"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), primary_key=True)
    needs_approval: Mapped[bool]
