"""Authorizations under way: from the pushed request over the sign-in to the code."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified


class Authorization(Identified, Base):
    """One authorization; of its three secrets only hashes are kept, each good once.

    The app pushes a request and gets `request_uri` (RFC 9126); opening it gives the page a handle,
    and a sign-in there gives the app a code. `jkt` is the key of the terminal that pushed it: no
    other key redeems the code (RFC 9449 §10). Who signed in, and how, stands here until then.
    """

    __tablename__ = "kern_authorization"

    request_hash: Mapped[str] = mapped_column(String(64), unique=True)
    handle_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("kern_client.id"))
    jkt: Mapped[str] = mapped_column(String(43))
    redirect_uri: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(1000), default="")
    scope: Mapped[list[str]] = mapped_column(default=list)
    code_challenge: Mapped[str] = mapped_column(String(43))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended: Mapped[bool] = mapped_column(default=False)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    officer_epoch: Mapped[int] = mapped_column(default=0)
    amr: Mapped[list[str]] = mapped_column(default=list)
    aal: Mapped[int] = mapped_column(default=0)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_session.id"))
