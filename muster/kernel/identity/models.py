"""Units, officers and their roles, terminals and their posture, clients, sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified, Stamped, Versioned


class Unit(Identified, Versioned, Base):
    """A node of the force's tree. `path` is the codes from the root: `/CITY/NORTH/N1/`."""

    __tablename__ = "kern_unit"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    path: Mapped[str] = mapped_column(String(1000), index=True)


class Officer(Identified, Versioned, Base):
    """A person of the force, sworn or auxiliary. `epoch` rises with whatever ends sessions."""

    __tablename__ = "kern_officer"

    number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sworn: Mapped[bool]
    rank: Mapped[int] = mapped_column(default=0)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="active")  # active|suspended|left
    epoch: Mapped[int] = mapped_column(default=1)
    duty_until: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]  # a temporary account ends by itself (AC-2(2))
    last_sign_in_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(16), default="local")  # …|directory|scim|removed
    active_since: Mapped[datetime | None]  # reinstated, or came back
    external_id: Mapped[str | None] = mapped_column(String(128), unique=True)


class Certification(Stamped, Base):
    """Leave for one officer to use one data set, until a moment or for good."""

    __tablename__ = "kern_certification"

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), primary_key=True)
    dataset: Mapped[str] = mapped_column(String(64), primary_key=True)
    valid_until: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(String(16), default="standing")  # standing|break_glass
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")


class RoleGrant(Identified, Stamped, Base):
    """A role held at a unit and all below it, from and until given moments.

    kind: standing | delegation (lent by a holder) | deputy (during a holder's leave) | break_glass.
    """

    __tablename__ = "kern_role_grant"
    __table_args__ = (UniqueConstraint("officer_id", "role", "unit_id", "kind"),)

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    role: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(String(16), default="standing")
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")


class Credential(Stamped, Base):
    """An argon2id hash of an officer's PIN or password."""

    __tablename__ = "kern_credential"

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)  # pin|password
    hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=False)  # set by somebody else, for one use
    expires_at: Mapped[datetime | None]


class Device(Identified, Versioned, Base):
    """A terminal as a principal: its key, its state and what posture it last proved.

    state: enrolled|lost|wiped|retired. tier: 0 none, 1 enrolled, 2 compliant, 3 attested.
    A terminal whose agent has no key of its own has no `jkt`. `parent_id` is the terminal that a
    wearable joins through; it never outlives that one's posture.
    `mdm` judges and writes posture through `identity.posture`; everything else belongs to mdm.
    """

    __tablename__ = "kern_device"
    __table_args__ = (
        Index("ix_kern_device_label", "label", postgresql_ops={"label": "text_pattern_ops"}),
        Index("ix_kern_device_unit_id_id", "unit_id", "id"),
        Index("ix_kern_device_state_id", "state", "id"),
        Index("ix_kern_device_tier_id", "tier", "id"),
    )

    label: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"), index=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(default=dict)
    jkt: Mapped[str | None] = mapped_column(String(43), unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="enrolled")
    epoch: Mapped[int] = mapped_column(default=1)
    tier: Mapped[int] = mapped_column(default=1)
    posture_reasons: Mapped[list[str]] = mapped_column(default=list)
    posture_at: Mapped[datetime | None]


class Client(Identified, Versioned, Base):
    """A registered application: package name and signer for a field app, a name for the rest.

    `scopes` is what the owners of the data granted, `requested_scopes` what its publisher asked
    for; `owner_id` answers for it at `unit_id`. A sandbox client is a developer's: it carries only
    officers of its training unit, and ends at `expires_at`. A resource server proves itself by a
    key of `jwks` (RFC 7523).
    """

    __tablename__ = "kern_client"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str] = mapped_column(String(16))  # field|console|resource_server
    package: Mapped[str] = mapped_column(String(200), default="")
    signer: Mapped[str] = mapped_column(String(64), default="")
    scopes: Mapped[list[str]] = mapped_column(default=list)
    requested_scopes: Mapped[list[str]] = mapped_column(default=list)
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    redirect_uris: Mapped[list[str]] = mapped_column(default=list)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    sandbox_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_unit.id"))
    jwks: Mapped[list[Any]] = mapped_column(default=list)
    expires_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), default="active")  # active|blocked
    epoch: Mapped[int] = mapped_column(default=1)


class Session(Identified, Base):
    """One sign-in. It holds the epochs it was made under; a later epoch ends it at once.

    A field session is bound to a device key (`jkt`); a console session to a hashed secret. `scope`
    is what its app asked for at sign-in, of what it had been granted.
    """

    __tablename__ = "kern_session"

    kind: Mapped[str] = mapped_column(String(16))  # field|console
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"), index=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("kern_client.id"))
    jkt: Mapped[str] = mapped_column(String(43), default="")
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    officer_epoch: Mapped[int]
    device_epoch: Mapped[int] = mapped_column(default=0)
    client_epoch: Mapped[int]
    aal: Mapped[int] = mapped_column(default=1)
    amr: Mapped[list[str]] = mapped_column(default=list)
    scope: Mapped[list[str]] = mapped_column(default=list)
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    auth_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(default=False)  # may only choose a secret of its own


class RefreshToken(Base):
    """A rotating refresh token by its SHA-256; one used twice ends its session (RFC 9700 §4.14).

    `parent_hash` is the token it was handed out for, None for a session's first.
    """

    __tablename__ = "kern_refresh_token"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("kern_session.id"), index=True)
    parent_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ClientCredential(Identified, Stamped, Base):
    """A secret for one surface: who holds it, what it may, why, until when; only its hash is kept."""

    __tablename__ = "kern_client_credential"

    surface: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("kern_device.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("kern_client.id"))
    officer_epoch: Mapped[int]
    device_epoch: Mapped[int] = mapped_column(default=0)
    client_epoch: Mapped[int]
    scope: Mapped[list[str]] = mapped_column(default=list)
    purpose: Mapped[str] = mapped_column(String(32), default="")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Holding(Identified, Stamped, Base):
    """Something that somebody who left or moved still held: one line of a supervisor's list.

    `kind` and `reference` name it (a terminal's id, a request's id); `label` is what people read.
    """

    __tablename__ = "kern_holding"
    __table_args__ = (Index("ix_kern_holding_unit_id_resolved_at", "unit_id", "resolved_at"),)

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("kern_officer.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("kern_unit.id"))
    cause: Mapped[str] = mapped_column(String(16))  # left|moved
    kind: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(200))
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("kern_officer.id"))
    resolution: Mapped[str] = mapped_column(String(500), default="")


class Epoch(Base):
    """A counter every process compares with its caches: `units`, `policies`."""

    __tablename__ = "kern_epoch"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(default=1)


Index("ix_kern_role_grant_officer", RoleGrant.officer_id)
