"""Second approvers, reviews of urgent releases, tracks, and names reserved for units."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("app_release") as release:
        release.add_column(
            sa.Column("urgent_reason", sa.String(length=1000), nullable=False, server_default="")
        )
    with op.batch_alter_table("app_release") as release:
        release.alter_column("urgent_reason", server_default=None)
    _create_approvals()
    _create_reviews()
    _create_names()
    _create_tracks()


def downgrade() -> None:
    op.drop_table("app_track_ring")
    op.drop_table("app_track")
    op.drop_table("app_name_claim")
    op.drop_index("ix_app_release_review_verdict_id", table_name="app_release_review")
    op.drop_table("app_release_review")
    op.drop_table("app_release_approval")
    with op.batch_alter_table("app_release") as release:
        release.drop_column("urgent_reason")


def _create_approvals() -> None:
    name = "app_release_approval"
    op.create_table(
        name,
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        _to(name, "release_id", "app_release"),
        _to(name, "officer_id", "kern_officer"),
        sa.PrimaryKeyConstraint("release_id", "officer_id", name=op.f(f"pk_{name}")),
    )


def _create_reviews() -> None:
    name = "app_release_review"
    op.create_table(
        name,
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("lapsed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_stamped(),
        _to(name, "release_id", "app_release"),
        _to(name, "reviewed_by", "kern_officer"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("release_id", name=op.f(f"uq_{name}_release_id")),
    )
    op.create_index(f"ix_{name}_verdict_id", name, ["verdict", "id"])


def _create_names() -> None:
    name = "app_name_claim"
    op.create_table(
        name,
        sa.Column("pattern", sa.String(length=225), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_stamped(),
        _to(name, "unit_id", "kern_unit"),
        _to(name, "asked_by", "kern_officer"),
        _to(name, "granted_by", "kern_officer"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("pattern", name=op.f(f"uq_{name}_pattern")),
    )


def _create_tracks() -> None:
    op.create_table(
        "app_track",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_stamped(),
        _to("app_track", "app_id", "app_app"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_track")),
        sa.UniqueConstraint("app_id", "name", name=op.f("uq_app_track_app_id_name")),
    )
    op.create_table(
        "app_track_ring",
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        _to("app_track_ring", "track_id", "app_track"),
        _to("app_track_ring", "group_id", "mdm_group"),
        sa.PrimaryKeyConstraint("track_id", "group_id", name=op.f("pk_app_track_ring")),
    )


def _stamped() -> list[sa.Column[Any]]:
    return [
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    ]


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
