"""Passkeys, authenticator apps, recovery codes, and challenges that wait for an answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "kern_passkey",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("aaguid", sa.String(length=36), nullable=False),
        sa.Column("transports", JSON, nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("blocked_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _officer("kern_passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_kern_passkey_credential_id")),
    )
    op.create_index(op.f("ix_kern_passkey_officer_id"), "kern_passkey", ["officer_id"])
    op.create_table(
        "kern_totp",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _officer("kern_totp"),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_kern_totp")),
    )
    op.create_table(
        "kern_recovery_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _officer("kern_recovery_code"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_kern_recovery_code")),
    )
    op.create_index(op.f("ix_kern_recovery_code_officer_id"), "kern_recovery_code", ["officer_id"])
    op.create_table(
        "kern_ceremony",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        _officer("kern_ceremony"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_kern_ceremony")),
    )
    op.create_index(op.f("ix_kern_ceremony_expires_at"), "kern_ceremony", ["expires_at"])


def downgrade() -> None:
    for table in ("kern_ceremony", "kern_recovery_code", "kern_totp", "kern_passkey"):
        op.drop_table(table)


def _officer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["officer_id"], ["kern_officer.id"], name=op.f(f"fk_{table}_officer_id")
    )
