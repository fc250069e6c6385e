"""Listings with pictures and change notes; web apps and their bundles."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_listings()
    op.create_table(
        "app_release_note",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        *_versioned(),
        _to("app_release_note", "release_id", "app_release"),
        sa.PrimaryKeyConstraint("release_id", "locale", name=op.f("pk_app_release_note")),
    )
    _create_web_apps()


def downgrade() -> None:
    op.drop_table("app_web_bundle")
    op.drop_index("ix_app_web_page_icon_sha256", table_name="app_web_page")
    op.drop_table("app_web_page")
    op.drop_table("app_release_note")
    op.drop_index("ix_app_picture_sha256", table_name="app_picture")
    op.drop_index("ix_app_picture_listing_id", table_name="app_picture")
    op.drop_table("app_picture")
    op.drop_table("app_listing")


def _create_listings() -> None:
    op.create_table(
        "app_listing",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=4000), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_versioned(),
        _to("app_listing", "app_id", "app_app"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_listing")),
        sa.UniqueConstraint("app_id", "locale", name=op.f("uq_app_listing_app_id_locale")),
    )
    op.create_table(
        "app_picture",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _to("app_picture", "listing_id", "app_listing"),
        _to("app_picture", "blob_id", "kern_blob"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_picture")),
    )
    op.create_index("ix_app_picture_listing_id", "app_picture", ["listing_id", "kind", "place"])
    op.create_index("ix_app_picture_sha256", "app_picture", ["sha256"])


def _create_web_apps() -> None:
    op.create_table(
        "app_web_page",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("icon_sha256", sa.String(length=64), nullable=False),
        sa.Column("icon_blob_id", sa.Uuid(), nullable=False),
        _to("app_web_page", "release_id", "app_release"),
        _to("app_web_page", "icon_blob_id", "kern_blob"),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_app_web_page")),
    )
    op.create_index("ix_app_web_page_icon_sha256", "app_web_page", ["icon_sha256"])
    op.create_table(
        "app_web_bundle",
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("fault", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=True),
        sa.Column("quarantine_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _to("app_web_bundle", "submitted_by", "kern_officer"),
        _to("app_web_bundle", "blob_id", "kern_blob"),
        _to("app_web_bundle", "quarantine_id", "kern_blob"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_web_bundle")),
    )


def _versioned() -> list[sa.Column[Any]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    ]


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
