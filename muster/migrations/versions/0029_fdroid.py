"""F-Droid repositories: their key, stamps and snapshots, where readers stand, capabilities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_INDEXED = {
    "app_fdroid_snapshot": ("view_key", "made_at"),
    "app_fdroid_access": ("device_id",),
}


def upgrade() -> None:
    op.create_table(
        "app_fdroid_repository",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_fdroid_repository")),
    )
    op.create_table(
        "app_fdroid_snapshot",
        sa.Column("stamp", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("view_key", sa.String(length=64), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("stamp", name=op.f("pk_app_fdroid_snapshot")),
    )
    op.create_table(
        "app_fdroid_stand",
        sa.Column("reader", sa.String(length=100), nullable=False),
        sa.Column("view_key", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_app_fdroid_stand")),
    )
    _create_accesses()
    for table, columns in _INDEXED.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, columns in _INDEXED.items():
        for column in columns:
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table in ("access", "stand", "snapshot", "repository"):
        op.drop_table(f"app_fdroid_{table}")


def _create_accesses() -> None:
    name = "app_fdroid_access"
    op.create_table(
        name,
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f(f"fk_{name}_device_id_mdm_device")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["kern_officer.id"], name=op.f(f"fk_{name}_made_by_kern_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("secret_hash", name=op.f(f"uq_{name}_secret_hash")),
    )
