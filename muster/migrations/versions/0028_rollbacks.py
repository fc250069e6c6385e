"""Health gates of rollouts, ways back, and numbers against replay."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_OPEN_REISSUE = sa.text("state = 'open'")
_OPEN_TURN = sa.text("state IN ('waiting', 'waiting_outbox')")


def upgrade() -> None:
    with op.batch_alter_table("mdm_device") as device:
        device.add_column(
            sa.Column("desired_serial", sa.BigInteger(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("mdm_device") as device:
        device.alter_column("desired_serial", server_default=None)
    with op.batch_alter_table("app_rollout") as rollout:
        rollout.add_column(sa.Column("gate", JSON, nullable=False, server_default="{}"))
        rollout.add_column(sa.Column("counted_from", sa.DateTime(timezone=True)))
    op.execute("UPDATE app_rollout SET counted_from = created_at")
    with op.batch_alter_table("app_rollout") as rollout:
        rollout.alter_column("gate", server_default=None)
        rollout.alter_column("counted_from", nullable=False)
    with op.batch_alter_table("app_install_report") as report:
        report.add_column(
            sa.Column("reason", sa.String(length=32), nullable=False, server_default="")
        )
        report.add_column(sa.Column("number", sa.BigInteger(), nullable=False, server_default="0"))
        report.add_column(
            sa.Column("config_hash", sa.String(length=80), nullable=False, server_default="")
        )
    with op.batch_alter_table("app_install_report") as report:
        for name in ("reason", "number", "config_hash"):
            report.alter_column(name, server_default=None)
    with op.batch_alter_table("app_release") as release:
        release.add_column(sa.Column("reissues", sa.Uuid(), nullable=True))
    _reissues()
    _reinstalls()


def _reissues() -> None:
    op.create_table(
        "app_reissue",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        *_identified_and_versioned(),
        *_references("app_reissue", release_id="app_release", to_id="app_release"),
        *_references("app_reissue", requested_by="kern_officer", answer_id="app_release"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_reissue")),
    )
    op.create_index(
        "uq_app_reissue_open",
        "app_reissue",
        ["release_id"],
        unique=True,
        sqlite_where=_OPEN_REISSUE,
        postgresql_where=_OPEN_REISSUE,
    )


def _reinstalls() -> None:
    op.create_table(
        "app_reinstall",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        *_identified_and_versioned(),
        *_references("app_reinstall", release_id="app_release", to_id="app_release"),
        *_references("app_reinstall", group_id="mdm_group", requested_by="kern_officer"),
        *_references("app_reinstall", approved_by="kern_officer", approval_id="kern_approval"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_reinstall")),
    )
    op.create_index("ix_app_reinstall_release_id", "app_reinstall", ["release_id", "id"])
    op.create_table(
        "app_reinstall_turn",
        sa.Column("reinstall_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("package", sa.String(length=223), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(length=1000), nullable=False),
        sa.Column("unsent", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_references("app_reinstall_turn", reinstall_id="app_reinstall", device_id="mdm_device"),
        sa.PrimaryKeyConstraint("reinstall_id", "device_id", name=op.f("pk_app_reinstall_turn")),
    )
    op.create_index(
        "uq_app_reinstall_turn_open",
        "app_reinstall_turn",
        ["device_id", "package"],
        unique=True,
        sqlite_where=_OPEN_TURN,
        postgresql_where=_OPEN_TURN,
    )


def _identified_and_versioned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def _references(table: str, **columns: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return tuple(
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
        for name, other in columns.items()
    )


def downgrade() -> None:
    op.drop_index("uq_app_reinstall_turn_open", table_name="app_reinstall_turn")
    op.drop_table("app_reinstall_turn")
    op.drop_index("ix_app_reinstall_release_id", table_name="app_reinstall")
    op.drop_table("app_reinstall")
    op.drop_index("uq_app_reissue_open", table_name="app_reissue")
    op.drop_table("app_reissue")
    with op.batch_alter_table("app_release") as release:
        release.drop_column("reissues")
    with op.batch_alter_table("app_install_report") as report:
        for name in ("config_hash", "number", "reason"):
            report.drop_column(name)
    with op.batch_alter_table("app_rollout") as rollout:
        rollout.drop_column("counted_from")
        rollout.drop_column("gate")
    with op.batch_alter_table("mdm_device") as device:
        device.drop_column("desired_serial")
