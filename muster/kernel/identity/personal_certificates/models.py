"""The force's certification authorities, their revocation lists, and exceptions for accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class TrustedAuthority(Identified, Stamped, Base):
    """A certificate of a CA whose personal certificates are believed; `fingerprint` is SHA-256.

    `crl_url` is where a job fetches its revocation list; `crl_error` is what went wrong last.
    """

    __tablename__ = "kern_trusted_authority"

    kind: Mapped[str] = mapped_column(String(16))  # root|intermediate
    subject: Mapped[str] = mapped_column(String(500))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    not_after: Mapped[datetime]
    crl_url: Mapped[str] = mapped_column(String(500), default="")
    crl_error: Mapped[str] = mapped_column(String(300), default="")


class RevocationList(Stamped, Base):
    """The newest revocation list of an authority, as it was signed."""

    __tablename__ = "kern_revocation_list"

    authority_id: Mapped[UUID] = mapped_column(
        ForeignKey("kern_trusted_authority.id"), primary_key=True
    )
    der: Mapped[bytes] = mapped_column(LargeBinary)
    number: Mapped[str] = mapped_column(String(50))  # up to 20 octets (RFC 5280 §5.2.3), decimal
    this_update: Mapped[datetime]
    next_update: Mapped[datetime]
    entries: Mapped[int]


class CertificateBinding(Identified, Stamped, Base):
    """What an account believes beyond the rule.

    `since`: certificates that name this officer and were issued at or after that moment.
    `fingerprint`: exactly this certificate (SHA-256), whatever it names.
    """

    __tablename__ = "kern_certificate_binding"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        CheckConstraint("(since IS NULL) <> (fingerprint IS NULL)", "one_kind"),
    )

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    since: Mapped[datetime | None]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
