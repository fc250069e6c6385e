"""Issuing CAs, the certificates they gave to terminals, challenges for SCEP, revocation lists."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base, Identified, Stamped


class IssuingCa(Identified, Stamped, Base):
    """An issuing CA under the offline root, with the registration authority that speaks SCEP.

    state: requested (a key and a CSR, no certificate yet) | live | retired (nothing of it holds).
    Keys are PKCS#8 DER, sealed under the purpose `certificates` and bound to this row. `parents`
    are the certificates above it in PEM, the root last.
    """

    __tablename__ = "mdm_issuing_ca"

    name: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="requested")
    spki: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    certificate: Mapped[bytes | None] = mapped_column(LargeBinary)
    parents: Mapped[list[str]] = mapped_column(default=list)
    sealed_ra_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    ra_certificate: Mapped[bytes | None] = mapped_column(LargeBinary)
    not_before: Mapped[datetime | None]
    not_after: Mapped[datetime | None]
    installed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class DeviceCertificate(Identified, Base):
    """One certificate of one terminal, bound to its id, its epoch and one public key.

    `fingerprint` is SHA-256 of the DER, `spki` of the public key (both hex). A `revoked_at` that
    lies ahead ends the certificate then: the one that was renewed. source: enrolment | agent |
    scep. reason: superseded | lost | wiped | retired | revoked | found.
    """

    __tablename__ = "mdm_certificate"
    __table_args__ = (
        Index("ix_mdm_certificate_device_id_id", "device_id", "id"),
        Index("ix_mdm_certificate_issuer_id_revoked_at", "issuer_id", "revoked_at"),
        Index("ix_mdm_certificate_spki", "spki"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("kern_device.id"))
    device_epoch: Mapped[int]
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_issuing_ca.id"))
    serial: Mapped[str] = mapped_column(String(40), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    spki: Mapped[str] = mapped_column(String(64))
    der: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str] = mapped_column(String(16))
    issued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(16), default="")
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))


class ScepChallenge(Identified, Base):
    """One password for one enrolment of one terminal; only its hash is kept."""

    __tablename__ = "mdm_scep_challenge"

    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("kern_device.id"), index=True)
    device_epoch: Mapped[int]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RevocationList(Base):
    """The newest revocation list of one issuing CA, as it is handed out."""

    __tablename__ = "mdm_crl"

    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("mdm_issuing_ca.id"), primary_key=True)
    number: Mapped[int]
    entries: Mapped[int]
    der: Mapped[bytes] = mapped_column(LargeBinary)
    this_update: Mapped[datetime]
    next_update: Mapped[datetime]
