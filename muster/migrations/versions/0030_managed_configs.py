"""Room for managed configurations, officers' feedback, and adoption day by day."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_EVERYBODY = sa.text("group_id IS NULL")
_TABLES = ("app_managed_config", "app_rating", "app_fault", "app_adoption")


def upgrade() -> None:
    _create_configs()
    _create_ratings()
    _create_faults()
    op.create_table(
        "app_adoption",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version_code", sa.BigInteger(), nullable=False),
        sa.Column("terminals", sa.Integer(), nullable=False),
        *_named("app_adoption", app_id="app_app"),
        sa.PrimaryKeyConstraint("app_id", "day", "version_code", name=op.f("pk_app_adoption")),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_configs() -> None:
    op.create_table(
        "app_managed_config",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("document", JSON, nullable=False),
        sa.Column("secrets", JSON, nullable=False),
        sa.Column("misfits", JSON, nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        *_identified("app_managed_config"),
        *_versioned(),
        *_named(
            "app_managed_config", app_id="app_app", group_id="mdm_group", updated_by="kern_officer"
        ),
    )
    op.create_index(
        "uq_app_managed_config_app_group", "app_managed_config", ["app_id", "group_id"], unique=True
    )
    op.create_index(
        "uq_app_managed_config_everybody",
        "app_managed_config",
        ["app_id"],
        unique=True,
        sqlite_where=_EVERYBODY,
        postgresql_where=_EVERYBODY,
    )
    op.create_index("ix_app_managed_config_group_id", "app_managed_config", ["group_id"])


def _create_ratings() -> None:
    op.create_table(
        "app_rating",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("version_code", sa.BigInteger(), nullable=True),
        sa.Column("contact_me", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_identified("app_rating"),
        *_named("app_rating", app_id="app_app", officer_id="kern_officer", unit_id="kern_unit"),
        sa.UniqueConstraint("officer_id", "app_id", name=op.f("uq_app_rating_officer_id_app_id")),
    )
    op.create_index("ix_app_rating_app_id_id", "app_rating", ["app_id", "id"])


def _create_faults() -> None:
    op.create_table(
        "app_fault",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("version_code", sa.BigInteger(), nullable=True),
        sa.Column("crash_id", sa.Uuid(), nullable=True),
        sa.Column("contact_me", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("fixed_in", sa.Uuid(), nullable=True),
        *_identified("app_fault"),
        *_versioned(),
        *_named(
            "app_fault",
            app_id="app_app",
            officer_id="kern_officer",
            unit_id="kern_unit",
            device_id="mdm_device",
            answered_by="kern_officer",
            fixed_in="app_release",
        ),
    )
    for column in ("app_id", "officer_id"):
        op.create_index(f"ix_app_fault_{column}_id", "app_fault", [column, "id"])


def _identified(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _versioned() -> tuple[Any, ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )


def _named(table: str, **others: str) -> list[sa.ForeignKeyConstraint]:
    """Return the foreign keys of a table: column to the table whose id it holds."""
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in others.items()
    ]
