"""Passkeys, authenticator apps, recovery codes, and the challenges that wait for an answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified


class Passkey(Identified, Base):
    """A WebAuthn credential: the public key, and how often it says it was used.

    `blocked_at` is set when its counter went backwards: somebody holds a copy.
    """

    __tablename__ = "kern_passkey"

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(100))
    aaguid: Mapped[str] = mapped_column(String(36))
    transports: Mapped[list[str]]
    backed_up: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]


class Totp(Base):
    """An authenticator app: its sealed secret, and the last step whose code was spent."""

    __tablename__ = "kern_totp"

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class RecoveryCode(Base):
    """A recovery code by its SHA-256: 120 random bits need no slow hash (ASVS 6.5.2)."""

    __tablename__ = "kern_recovery_code"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class Ceremony(Base):
    """A challenge that one browser was given; its row goes with the first answer.

    `hash` is the SHA-256 of the handle that only this browser holds.
    """

    __tablename__ = "kern_ceremony"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # create|get|totp
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
