"""What a draft was based on, which revision a roll-back repeats, who agreed, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
_APPROVER = "fk_mdm_configuration_approved_by"


def upgrade() -> None:
    with op.batch_alter_table("mdm_configuration") as configuration:
        configuration.add_column(
            sa.Column("base", sa.Integer(), nullable=False, server_default="0")
        )
        configuration.add_column(
            sa.Column("reason", sa.String(1000), nullable=False, server_default="")
        )
        configuration.add_column(sa.Column("restores", sa.Integer(), nullable=True))
        configuration.add_column(sa.Column("approved_by", sa.Uuid(), nullable=True))
        configuration.create_foreign_key(op.f(_APPROVER), "kern_officer", ["approved_by"], ["id"])
    with op.batch_alter_table("mdm_configuration") as configuration:
        for name in ("base", "reason"):
            configuration.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mdm_configuration") as configuration:
        configuration.drop_constraint(op.f(_APPROVER), type_="foreignkey")
        for name in ("base", "reason", "restores", "approved_by"):
            configuration.drop_column(name)
