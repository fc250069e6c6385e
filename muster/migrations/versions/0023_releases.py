"""Kinds of apps and releases; the files of a split set."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_ADDED: dict[str, dict[str, tuple[Any, Any]]] = {
    "app_app": {"kind": (sa.String(length=8), "apk")},
    "app_release": {"kind": (sa.String(length=8), "apk"), "urgent": (sa.Boolean(), sa.false())},
}


def upgrade() -> None:
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table) as changed:
            for name, (type_, default) in columns.items():
                changed.add_column(sa.Column(name, type_, nullable=False, server_default=default))
        with op.batch_alter_table(table) as changed:
            for name in columns:
                changed.alter_column(name, server_default=None)
    op.create_table(
        "app_release_file",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("applies_to", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["app_release.id"],
            name=op.f("fk_app_release_file_release_id_app_release"),
        ),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["kern_blob.id"], name=op.f("fk_app_release_file_blob_id_kern_blob")
        ),
        sa.PrimaryKeyConstraint("release_id", "name", name=op.f("pk_app_release_file")),
    )
    op.create_index("ix_app_release_file_sha256", "app_release_file", ["sha256"])


def downgrade() -> None:
    op.drop_index("ix_app_release_file_sha256", table_name="app_release_file")
    op.drop_table("app_release_file")
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table) as changed:
            for name in columns:
                changed.drop_column(name)
