"""Headwind terminals: numbers, secret paths, and numbers of a fleet to be taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mdm_headwind_terminal",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("build", sa.String(length=8), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("next_hash", sa.String(length=64), nullable=True),
        sa.Column("secret_at", MOMENT, nullable=False),
        sa.Column("migrated_at", MOMENT, nullable=True),
        sa.Column("told_hash", sa.String(length=80), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("nudged_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["mdm_device.id"],
            name=op.f("fk_mdm_headwind_terminal_device_id_mdm_device"),
        ),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_mdm_headwind_terminal")),
        sa.UniqueConstraint("number", name=op.f("uq_mdm_headwind_terminal_number")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_mdm_headwind_terminal_secret_hash")),
        sa.UniqueConstraint("next_hash", name=op.f("uq_mdm_headwind_terminal_next_hash")),
    )
    op.create_table(
        "mdm_headwind_expected",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("imei", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["mdm_device.id"],
            name=op.f("fk_mdm_headwind_expected_device_id_mdm_device"),
        ),
        sa.ForeignKeyConstraint(
            ["token_id"],
            ["mdm_enrol_token.id"],
            name=op.f("fk_mdm_headwind_expected_token_id_mdm_enrol_token"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_headwind_expected")),
        sa.UniqueConstraint("number", name=op.f("uq_mdm_headwind_expected_number")),
    )
    for column in ("device_id", "token_id"):
        op.create_index(
            op.f(f"ix_mdm_headwind_expected_{column}"), "mdm_headwind_expected", [column]
        )


def downgrade() -> None:
    for column in ("token_id", "device_id"):
        op.drop_index(
            op.f(f"ix_mdm_headwind_expected_{column}"), table_name="mdm_headwind_expected"
        )
    op.drop_table("mdm_headwind_expected")
    op.drop_table("mdm_headwind_terminal")
