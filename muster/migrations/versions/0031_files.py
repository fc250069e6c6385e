"""The download centre: files, their versions, who must have them and who fetched them."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
_STAMPS = ("created_at", "updated_at")


def upgrade() -> None:
    op.create_table(
        "app_file",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=2000), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("audience_unit_id", sa.Uuid(), nullable=True),
        sa.Column("audience_group_id", sa.Uuid(), nullable=True),
        sa.Column("audience_role", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        *_edited(),
        _refers("app_file", "unit_id", "kern_unit"),
        _refers("app_file", "audience_unit_id", "kern_unit"),
        _refers("app_file", "audience_group_id", "mdm_group"),
        _refers("app_file", "created_by", "kern_officer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_file")),
        sa.UniqueConstraint("slug", name=op.f("uq_app_file_slug")),
    )
    _create_versions()
    op.create_table(
        "app_file_assignment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _refers("app_file_assignment", "group_id", "mdm_group"),
        _refers("app_file_assignment", "file_id", "app_file"),
        _refers("app_file_assignment", "assigned_by", "kern_officer"),
        sa.PrimaryKeyConstraint("group_id", "file_id", name=op.f("pk_app_file_assignment")),
    )
    op.create_index(op.f("ix_app_file_assignment_file_id"), "app_file_assignment", ["file_id"])
    op.create_table(
        "app_file_fetch",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        _refers("app_file_fetch", "version_id", "app_file_version"),
        sa.PrimaryKeyConstraint("version_id", "holder_id", name=op.f("pk_app_file_fetch")),
    )


def downgrade() -> None:
    op.drop_table("app_file_fetch")
    op.drop_index(op.f("ix_app_file_assignment_file_id"), table_name="app_file_assignment")
    op.drop_table("app_file_assignment")
    op.drop_index("ix_app_file_version_expires_at", table_name="app_file_version")
    op.drop_index("ix_app_file_version_sha256", table_name="app_file_version")
    op.drop_table("app_file_version")
    op.drop_table("app_file")


def _create_versions() -> None:
    name = "app_file_version"
    op.create_table(
        name,
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=127), nullable=False),
        sa.Column("original_name", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.String(length=4000), nullable=False),
        sa.Column("refused", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=True),
        sa.Column("quarantine_id", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        *_edited(),
        _refers(name, "file_id", "app_file"),
        _refers(name, "submitted_by", "kern_officer"),
        _refers(name, "blob_id", "kern_blob"),
        _refers(name, "quarantine_id", "kern_blob"),
        _refers(name, "approval_id", "kern_approval"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_file_version")),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_app_file_version_file_id_number")),
    )
    op.create_index("ix_app_file_version_sha256", name, ["sha256"])
    op.create_index("ix_app_file_version_expires_at", name, ["state", "expires_at"])


def _edited() -> list[sa.Column[object]]:
    """Return the columns of a row that people edit; a new list, for a column has one table."""
    stamps: list[sa.Column[object]] = [sa.Column(name, MOMENT, nullable=False) for name in _STAMPS]
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        *stamps,
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
