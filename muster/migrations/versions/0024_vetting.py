"""Waivers of vetting rules; the rule set behind each verdict; icons of releases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_ICON = "fk_app_release_icon_id_kern_blob"


def upgrade() -> None:
    with op.batch_alter_table("app_check") as changed:
        text = sa.String(length=12)
        changed.add_column(sa.Column("rule_set", text, nullable=False, server_default=""))
    with op.batch_alter_table("app_check") as changed:
        changed.alter_column("rule_set", server_default=None)
    with op.batch_alter_table("app_release") as changed:
        changed.add_column(sa.Column("icon_id", sa.Uuid(), nullable=True))
        changed.create_foreign_key(op.f(_ICON), "kern_blob", ["icon_id"], ["id"])
    op.create_table(
        "app_waiver",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_for", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id"], ["app_app.id"], name=op.f("fk_app_waiver_app_id_app_app")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["app_release.id"], name=op.f("fk_app_waiver_release_id_app_release")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["kern_officer.id"], name=op.f("fk_app_waiver_granted_by_kern_officer")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["kern_officer.id"], name=op.f("fk_app_waiver_revoked_by_kern_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_waiver")),
    )
    op.create_index("ix_app_waiver_app_id", "app_waiver", ["app_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_app_waiver_app_id", table_name="app_waiver")
    op.drop_table("app_waiver")
    with op.batch_alter_table("app_release") as changed:
        changed.drop_constraint(op.f(_ICON), type_="foreignkey")
        changed.drop_column("icon_id")
    with op.batch_alter_table("app_check") as changed:
        changed.drop_column("rule_set")
