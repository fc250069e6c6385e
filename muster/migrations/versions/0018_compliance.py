"""Rules of people's own with deadlines, what fails since when, and codes for wearables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_FILLED: dict[str, tuple[Any, Any]] = {
    "classes": (JSON, "[]"),
    "grace_hours": (sa.Integer(), "0"),
    "unknown_passes": (sa.Boolean(), sa.false()),
    "sentence_en": (sa.String(300), ""),
    "sentence_zh": (sa.String(300), ""),
}


def upgrade() -> None:
    with op.batch_alter_table("mdm_compliance_rule") as rule:
        rule.alter_column("action", existing_type=sa.String(8), type_=sa.String(16))
        rule.add_column(sa.Column("deadline_hours", sa.Integer(), nullable=True))
        rule.add_column(sa.Column("escalation", sa.String(16), nullable=True))
        for name, (type_, default) in _FILLED.items():
            rule.add_column(sa.Column(name, type_, nullable=False, server_default=default))
    with op.batch_alter_table("mdm_compliance_rule") as rule:
        for name in _FILLED:
            rule.alter_column(name, server_default=None)
    with op.batch_alter_table("mdm_device") as device:
        device.add_column(sa.Column("accepted_sims", JSON, nullable=True))
    _create_failing()
    with op.batch_alter_table("mdm_enrol_token") as token:
        token.alter_column("created_by", existing_type=sa.Uuid(), nullable=True)
        token.add_column(sa.Column("parent_id", sa.Uuid(), nullable=True))
        token.create_index(op.f("ix_mdm_enrol_token_parent_id"), ["parent_id"])
        token.create_foreign_key(
            op.f("fk_mdm_enrol_token_parent_id_kern_device"), "kern_device", ["parent_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("mdm_enrol_token") as token:
        token.drop_constraint(op.f("fk_mdm_enrol_token_parent_id_kern_device"), type_="foreignkey")
        token.drop_index(op.f("ix_mdm_enrol_token_parent_id"))
        token.drop_column("parent_id")
    op.drop_index("ix_mdm_failing_due_at", table_name="mdm_failing")
    op.drop_index("ix_mdm_failing_rule_id_device_id", table_name="mdm_failing")
    op.drop_table("mdm_failing")
    with op.batch_alter_table("mdm_device") as device:
        device.drop_column("accepted_sims")
    with op.batch_alter_table("mdm_compliance_rule") as rule:
        for name in (*_FILLED, "deadline_hours", "escalation"):
            rule.drop_column(name)


def _create_failing() -> None:
    op.create_table(
        "mdm_failing",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.String(length=64), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("acted", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f("fk_mdm_failing_device_id_mdm_device")
        ),
        sa.PrimaryKeyConstraint("device_id", "rule_id", name=op.f("pk_mdm_failing")),
    )
    op.create_index("ix_mdm_failing_rule_id_device_id", "mdm_failing", ["rule_id", "device_id"])
    op.create_index("ix_mdm_failing_due_at", "mdm_failing", ["due_at"])
