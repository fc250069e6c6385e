"""Commands that nothing loses: when each is tried again, sealed bodies, mass orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_LIVE = sa.text("next_try_at IS NOT NULL")
_OPEN = sa.text("state IN ('queued', 'notified', 'delivered', 'not_now')")
_WAITING = sa.text("state = 'waiting'")
_ADDED = ("order_id", "sealed", "next_try_at", "not_before", "hints", "code")


def upgrade() -> None:
    _create_orders()
    with op.batch_alter_table("mdm_command") as command:
        command.drop_index("ix_mdm_command_open")
        command.add_column(sa.Column("order_id", sa.Uuid(), nullable=True))
        command.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        command.add_column(sa.Column("next_try_at", MOMENT, nullable=True))
        command.add_column(sa.Column("not_before", MOMENT, nullable=True))
        command.add_column(sa.Column("hints", sa.Integer(), nullable=False, server_default="0"))
        command.add_column(sa.Column("code", sa.String(64), nullable=False, server_default=""))
        command.create_foreign_key(
            op.f("fk_mdm_command_order_id_mdm_order"), "mdm_order", ["order_id"], ["id"]
        )
    with op.batch_alter_table("mdm_command") as command:
        command.alter_column("hints", server_default=None)
        command.alter_column("code", server_default=None)
    # What is open is looked at by the next sweep, which then plans as usual.
    op.execute(
        "UPDATE mdm_command SET next_try_at = created_at"
        " WHERE state IN ('queued', 'notified', 'delivered', 'not_now')"
        " OR (state = 'unconfirmed' AND expires_at IS NULL)"
    )
    op.create_index(
        "ix_mdm_command_live",
        "mdm_command",
        ["device_id"],
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_index(
        "ix_mdm_command_next_try",
        "mdm_command",
        ["next_try_at"],
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_index("ix_mdm_command_order_id_state", "mdm_command", ["order_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_mdm_command_order_id_state", table_name="mdm_command")
    op.drop_index("ix_mdm_command_next_try", table_name="mdm_command")
    op.drop_index("ix_mdm_command_live", table_name="mdm_command")
    with op.batch_alter_table("mdm_command") as command:
        command.drop_constraint(op.f("fk_mdm_command_order_id_mdm_order"), type_="foreignkey")
        for name in _ADDED:
            command.drop_column(name)
        command.create_index(
            "ix_mdm_command_open",
            ["device_id", "priority"],
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        )
    op.drop_table("mdm_order_target")
    op.drop_index(op.f("ix_mdm_order_requested_by"), table_name="mdm_order")
    op.drop_table("mdm_order")


def _create_orders() -> None:
    op.create_table(
        "mdm_order",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("targets", sa.Integer(), nullable=False),
        sa.Column("targets_hash", sa.String(length=80), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_mdm_order_unit_id_kern_unit")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["kern_officer.id"],
            name=op.f("fk_mdm_order_requested_by_kern_officer"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["kern_officer.id"],
            name=op.f("fk_mdm_order_approved_by_kern_officer"),
        ),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["kern_approval.id"],
            name=op.f("fk_mdm_order_approval_id_kern_approval"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_order")),
    )
    op.create_index(op.f("ix_mdm_order_requested_by"), "mdm_order", ["requested_by"])
    op.create_table(
        "mdm_order_target",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["mdm_order.id"], name=op.f("fk_mdm_order_target_order_id_mdm_order")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f("fk_mdm_order_target_device_id_mdm_device")
        ),
        sa.PrimaryKeyConstraint("order_id", "device_id", name=op.f("pk_mdm_order_target")),
    )
    op.create_index(
        "ix_mdm_order_target_waiting",
        "mdm_order_target",
        ["order_id", "device_id"],
        postgresql_where=_WAITING,
        sqlite_where=_WAITING,
    )
