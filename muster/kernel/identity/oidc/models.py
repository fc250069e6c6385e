"""Sign-ins on their way, whose account a subject is, and which sessions a provider opened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class ProviderSignIn(Base):
    """A sign-in that left for the provider; taken away by the answer, or by its end.

    Only the hash of the browser's cookie is kept: state, nonce and PKCE verifier derive from the
    cookie, so nobody who reads this table can finish somebody's sign-in.
    """

    __tablename__ = "kern_provider_sign_in"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    onwards: Mapped[str] = mapped_column(String(2000), default="")
    fresh: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ProviderLink(Identified, Stamped, Base):
    """A subject of a provider and the one account it opens."""

    __tablename__ = "kern_provider_link"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("officer_id", "issuer"),
    )

    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))


class ProviderSession(Identified, Base):
    """What a provider's session opened here; `sid` is the provider's name for its own.

    `session_id` is None where an app opened it afterwards, with the code we gave it: then it is
    any terminal session of the officer whose `amr` says `fed`.
    """

    __tablename__ = "kern_provider_session"
    __table_args__ = (
        Index("ix_kern_provider_session_subject", "issuer", "subject"),
        Index("ix_kern_provider_session_sid", "issuer", "sid"),
    )

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_session.id"))
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    sid: Mapped[str] = mapped_column(String(255), default="")
    began_at: Mapped[datetime] = mapped_column(index=True)


class ProviderState(Base):
    """What a job found when it last asked the provider; `error` is empty when all was well."""

    __tablename__ = "kern_provider_state"

    issuer: Mapped[str] = mapped_column(String(500), primary_key=True)
    checked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    keys: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")
