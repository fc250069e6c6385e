"""The tables of appstore."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "app_app",
        sa.Column("package", sa.String(length=223), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("label_zh", sa.String(length=500), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("signers", JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_app_app_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_app")),
        sa.UniqueConstraint("package", name=op.f("uq_app_app_package")),
    )
    op.create_table(
        "app_release",
        sa.Column("app_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("notes", sa.String(length=4000), nullable=False),
        sa.Column("package", sa.String(length=223), nullable=False),
        sa.Column("version_code", sa.BigInteger(), nullable=False),
        sa.Column("version_name", sa.String(length=500), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("signer", sa.String(length=64), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=True),
        sa.Column("quarantine_id", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["app_app.id"], name=op.f("fk_app_release_app_id")),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["kern_approval.id"], name=op.f("fk_app_release_approval_id")
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["kern_blob.id"], name=op.f("fk_app_release_blob_id")),
        sa.ForeignKeyConstraint(
            ["quarantine_id"], ["kern_blob.id"], name=op.f("fk_app_release_quarantine_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["kern_officer.id"], name=op.f("fk_app_release_submitted_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_app_release_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_release")),
    )
    op.create_index("ix_app_release_app_id", "app_release", ["app_id", "id"], unique=False)
    op.create_index("ix_app_release_sha256", "app_release", ["sha256"], unique=False)
    op.create_index(
        "uq_app_release_version",
        "app_release",
        ["app_id", "version_code"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('uploaded', 'scanning', 'rejected')"),
        postgresql_where=sa.text("state NOT IN ('uploaded', 'scanning', 'rejected')"),
    )
    op.create_table(
        "app_check",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["app_release.id"], name=op.f("fk_app_check_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "rule", name=op.f("pk_app_check")),
    )
    op.create_table(
        "app_install_report",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("package", sa.String(length=223), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version_code", sa.BigInteger(), nullable=True),
        sa.Column("installed_code", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f("fk_app_install_report_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "package", name=op.f("pk_app_install_report")),
    )
    op.create_table(
        "app_rollout",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["mdm_group.id"], name=op.f("fk_app_rollout_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["app_release.id"], name=op.f("fk_app_rollout_release_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["kern_officer.id"], name=op.f("fk_app_rollout_started_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_rollout")),
        sa.UniqueConstraint(
            "release_id", "group_id", name=op.f("uq_app_rollout_release_id_group_id")
        ),
    )
    op.create_index("ix_app_rollout_group_id", "app_rollout", ["group_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_app_rollout_group_id", table_name="app_rollout")
    op.drop_table("app_rollout")
    op.drop_table("app_install_report")
    op.drop_table("app_check")
    op.drop_index(
        "uq_app_release_version",
        table_name="app_release",
        sqlite_where=sa.text("state NOT IN ('uploaded', 'scanning', 'rejected')"),
        postgresql_where=sa.text("state NOT IN ('uploaded', 'scanning', 'rejected')"),
    )
    op.drop_index("ix_app_release_sha256", table_name="app_release")
    op.drop_index("ix_app_release_app_id", table_name="app_release")
    op.drop_table("app_release")
    op.drop_table("app_app")
