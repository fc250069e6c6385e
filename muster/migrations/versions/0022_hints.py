"""Room for hints: how each terminal was told last, how each carrier does; indexes of the list."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
_DUE = sa.text("due_at IS NOT NULL")
_LAGS = sa.text("applied_hash != desired_hash")
_PREFIX = "text_pattern_ops"
_INDEXES = (
    ("kern_device", ("unit_id", "id")),
    ("kern_device", ("state", "id")),
    ("kern_device", ("tier", "id")),
    ("mdm_device", ("device_class", "id")),
    ("mdm_device", ("ring", "id")),
    ("mdm_device", ("model", "id")),
)


def upgrade() -> None:
    _create_tables()
    for table, columns in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    op.create_index(
        "ix_mdm_device_lagging",
        "mdm_device",
        ["id"],
        postgresql_where=_LAGS,
        sqlite_where=_LAGS,
    )
    op.drop_index("ix_mdm_device_serial", table_name="mdm_device")
    for table, column in (
        ("kern_device", "label"),
        ("mdm_device", "serial"),
        ("mdm_device", "imei"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column], postgresql_ops={column: _PREFIX})


def downgrade() -> None:
    for name, table in (("imei", "mdm_device"), ("serial", "mdm_device"), ("label", "kern_device")):
        op.drop_index(f"ix_{table}_{name}", table_name=table)
    op.create_index("ix_mdm_device_serial", "mdm_device", ["serial"])
    op.drop_index("ix_mdm_device_lagging", table_name="mdm_device")
    for table, columns in reversed(_INDEXES):
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
    op.drop_table("kern_hint_carrier")
    op.drop_index("ix_kern_hint_state_due", table_name="kern_hint_state")
    op.drop_table("kern_hint_state")


def _create_tables() -> None:
    op.create_table(
        "kern_hint_state",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("look", sa.String(length=32), nullable=False),
        sa.Column("carrier", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("listening", sa.String(length=16), nullable=False),
        sa.Column("listening_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["kern_device.id"],
            name=op.f("fk_kern_hint_state_device_id_kern_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_kern_hint_state")),
    )
    op.create_index(
        "ix_kern_hint_state_due",
        "kern_hint_state",
        ["due_at"],
        postgresql_where=_DUE,
        sqlite_where=_DUE,
    )
    op.create_table(
        "kern_hint_carrier",
        sa.Column("name", sa.String(length=16), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("sent", "heard", "missed", "failed")
        ),
        *(
            sa.Column(name, MOMENT, nullable=True)
            for name in ("last_sent_at", "last_heard_at", "last_failed_at", "paused_until")
        ),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kern_hint_carrier")),
    )
