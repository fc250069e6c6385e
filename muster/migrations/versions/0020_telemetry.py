"""Telemetry: history, logs, crashes by group, quarantine; the number of the last report."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_TABLES = (
    "mdm_quarantine",
    "mdm_crash",
    "mdm_crash_group",
    "mdm_log_line",
    "mdm_log_batch",
    "mdm_history",
)


def upgrade() -> None:
    with op.batch_alter_table("mdm_device") as device:
        device.add_column(
            sa.Column("sequence", sa.BigInteger(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("mdm_device") as device:
        device.alter_column("sequence", server_default=None)
    _create_history()
    _create_logs()
    _create_crashes()
    _create_quarantine()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("mdm_device") as device:
        device.drop_column("sequence")


def _of_device(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f(f"fk_{table}_device_id_mdm_device")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _create_history() -> None:
    op.create_table(
        "mdm_history",
        *_of_device("mdm_history"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("detail", JSON, nullable=False),
    )
    op.create_index("ix_mdm_history_device_id_id", "mdm_history", ["device_id", "id"])
    op.create_index("ix_mdm_history_at", "mdm_history", ["at"])


def _create_logs() -> None:
    op.create_table(
        "mdm_log_batch",
        *_of_device("mdm_log_batch"),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "device_id", "batch_id", name=op.f("uq_mdm_log_batch_device_id_batch_id")
        ),
    )
    op.create_index("ix_mdm_log_batch_received_at", "mdm_log_batch", ["received_at"])
    op.create_table(
        "mdm_log_line",
        *_of_device("mdm_log_line"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("tag", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=True),
    )
    op.create_index("ix_mdm_log_line_device_id_id", "mdm_log_line", ["device_id", "id"])
    op.create_index("ix_mdm_log_line_received_at", "mdm_log_line", ["received_at"])


def _create_crashes() -> None:
    op.create_table(
        "mdm_crash_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package", sa.String(length=200), nullable=False),
        sa.Column("version_code", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_mdm_crash_group_unit_id_kern_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_crash_group")),
        sa.UniqueConstraint(
            "package",
            "version_code",
            "fingerprint",
            name=op.f("uq_mdm_crash_group_package_version_code_fingerprint"),
        ),
    )
    op.create_index("ix_mdm_crash_group_last_seen_id", "mdm_crash_group", ["last_seen", "id"])
    op.create_table(
        "mdm_crash",
        *_of_device("mdm_crash"),
        sa.Column("crash_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["mdm_crash_group.id"], name=op.f("fk_mdm_crash_group_id_mdm_crash_group")
        ),
        sa.UniqueConstraint("device_id", "crash_id", name=op.f("uq_mdm_crash_device_id_crash_id")),
    )
    op.create_index(op.f("ix_mdm_crash_group_id"), "mdm_crash", ["group_id"])
    op.create_index("ix_mdm_crash_received_at", "mdm_crash", ["received_at"])


def _create_quarantine() -> None:
    op.create_table(
        "mdm_quarantine",
        *_of_device("mdm_quarantine"),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=1000), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.UniqueConstraint("device_id", "digest", name=op.f("uq_mdm_quarantine_device_id_digest")),
    )
    op.create_index("ix_mdm_quarantine_expires_at", "mdm_quarantine", ["expires_at"])
