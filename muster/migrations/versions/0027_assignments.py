"""Whom apps are for: assignments; conditions and deadlines of rollouts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_NAME = "app_assignment"


def upgrade() -> None:
    with op.batch_alter_table("app_rollout") as rollout:
        rollout.add_column(sa.Column("conditions", JSON, nullable=False, server_default="{}"))
        rollout.add_column(sa.Column("deadline", MOMENT, nullable=True))
    with op.batch_alter_table("app_rollout") as rollout:
        rollout.alter_column("conditions", server_default=None)
    op.create_table(
        _NAME,
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("rule", JSON, nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("pinned_code", sa.BigInteger(), nullable=True),
        sa.Column("starts", MOMENT, nullable=True),
        sa.Column("ends", MOMENT, nullable=True),
        sa.Column("conditions", JSON, nullable=False),
        sa.Column("deadline", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id"], ["app_app.id"], name=op.f("fk_app_assignment_app_id_app_app")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"],
            ["kern_officer.id"],
            name=op.f("fk_app_assignment_assigned_by_kern_officer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_assignment")),
    )
    op.create_index("ix_app_assignment_app_id", _NAME, ["app_id", "id"])
    op.create_index("ix_app_assignment_scope_id", _NAME, ["scope_id"])
    op.create_index(
        "ix_app_install_report_package", "app_install_report", ["package", "installed_code"]
    )


def downgrade() -> None:
    op.drop_index("ix_app_install_report_package", table_name="app_install_report")
    for column in ("scope_id", "app_id"):
        op.drop_index(f"ix_app_assignment_{column}", table_name=_NAME)
    op.drop_table(_NAME)
    with op.batch_alter_table("app_rollout") as rollout:
        for column in ("deadline", "conditions"):
            rollout.drop_column(column)
