"""The tables of mdm."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "mdm_compliance_rule",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=16), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_compliance_rule")),
    )
    op.create_table(
        "mdm_desired",
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_mdm_desired")),
    )
    op.create_table(
        "mdm_group",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_mdm_group_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_group")),
        sa.UniqueConstraint("name", name=op.f("uq_mdm_group_name")),
    )
    op.create_table(
        "mdm_configuration",
        sa.Column("scope_kind", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["kern_officer.id"], name=op.f("fk_mdm_configuration_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["kern_officer.id"], name=op.f("fk_mdm_configuration_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_configuration")),
        sa.UniqueConstraint(
            "scope_kind",
            "scope_id",
            "revision",
            name=op.f("uq_mdm_configuration_scope_kind_scope_id_revision"),
        ),
    )
    op.create_index(
        "ix_mdm_configuration_published",
        "mdm_configuration",
        ["scope_kind", "scope_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
        sqlite_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "mdm_enrol_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("group_ids", JSON, nullable=False),
        sa.Column("device_class", sa.String(length=32), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["kern_officer.id"], name=op.f("fk_mdm_enrol_token_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_mdm_enrol_token_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_enrol_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mdm_enrol_token_token_hash")),
    )
    op.create_table(
        "mdm_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("imei", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("os", sa.String(length=32), nullable=False),
        sa.Column("os_version", sa.String(length=64), nullable=False),
        sa.Column("patch_level", sa.Date(), nullable=True),
        sa.Column("agent_version", sa.String(length=32), nullable=False),
        sa.Column("device_class", sa.String(length=32), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("inventory", JSON, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("apps", JSON, nullable=False),
        sa.Column("desired_hash", sa.String(length=80), nullable=False),
        sa.Column("desired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_hash", sa.String(length=80), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_in_seconds", sa.Integer(), nullable=False),
        sa.Column("state_reason", sa.String(length=1000), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["kern_officer.id"], name=op.f("fk_mdm_device_holder_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["kern_device.id"], name=op.f("fk_mdm_device_id")),
        sa.ForeignKeyConstraint(
            ["token_id"], ["mdm_enrol_token.id"], name=op.f("fk_mdm_device_token_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_device")),
    )
    op.create_index("ix_mdm_device_desired_hash", "mdm_device", ["desired_hash"], unique=False)
    op.create_index(op.f("ix_mdm_device_holder_id"), "mdm_device", ["holder_id"], unique=False)
    op.create_index("ix_mdm_device_last_seen", "mdm_device", ["last_seen"], unique=False)
    op.create_index("ix_mdm_device_serial", "mdm_device", ["serial"], unique=False)
    op.create_table(
        "mdm_command",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["kern_officer.id"], name=op.f("fk_mdm_command_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f("fk_mdm_command_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["kern_officer.id"], name=op.f("fk_mdm_command_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_command")),
    )
    op.create_index("ix_mdm_command_device_id_id", "mdm_command", ["device_id", "id"], unique=False)
    op.create_index(
        "ix_mdm_command_open",
        "mdm_command",
        ["device_id", "priority"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'notified', 'delivered', 'not_now')"),
        sqlite_where=sa.text("state IN ('queued', 'notified', 'delivered', 'not_now')"),
    )
    op.create_table(
        "mdm_group_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f("fk_mdm_group_member_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["mdm_group.id"], name=op.f("fk_mdm_group_member_group_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "device_id", name=op.f("pk_mdm_group_member")),
    )
    op.create_index(
        op.f("ix_mdm_group_member_device_id"), "mdm_group_member", ["device_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_mdm_group_member_device_id"), table_name="mdm_group_member")
    op.drop_table("mdm_group_member")
    op.drop_index(
        "ix_mdm_command_open",
        table_name="mdm_command",
        postgresql_where=sa.text("state IN ('queued', 'notified', 'delivered', 'not_now')"),
        sqlite_where=sa.text("state IN ('queued', 'notified', 'delivered', 'not_now')"),
    )
    op.drop_index("ix_mdm_command_device_id_id", table_name="mdm_command")
    op.drop_table("mdm_command")
    op.drop_index("ix_mdm_device_serial", table_name="mdm_device")
    op.drop_index("ix_mdm_device_last_seen", table_name="mdm_device")
    op.drop_index(op.f("ix_mdm_device_holder_id"), table_name="mdm_device")
    op.drop_index("ix_mdm_device_desired_hash", table_name="mdm_device")
    op.drop_table("mdm_device")
    op.drop_table("mdm_enrol_token")
    op.drop_index(
        "ix_mdm_configuration_published",
        table_name="mdm_configuration",
        postgresql_where=sa.text("state = 'published'"),
        sqlite_where=sa.text("state = 'published'"),
    )
    op.drop_table("mdm_configuration")
    op.drop_table("mdm_group")
    op.drop_table("mdm_desired")
    op.drop_table("mdm_compliance_rule")
