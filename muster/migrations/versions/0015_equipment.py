"""Hand-overs and custody of equipment, SIM cards, stock-takes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_hand_overs()
    _create_sims()
    _create_stock_takes()
    _create_custody()
    _create_sim_uses()
    _create_stock_lines()


def downgrade() -> None:
    op.drop_table("mdm_stock_line")
    op.drop_table("mdm_sim_use")
    op.drop_table("mdm_custody")
    op.drop_table("mdm_stock_take")
    op.drop_table("mdm_sim")
    op.drop_table("mdm_hand_over")


def _where(condition: str) -> dict[str, Any]:
    """Return the condition of a partial index, for both engines."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def _create_hand_overs() -> None:
    op.create_table(
        "mdm_hand_over",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("condition", sa.String(length=500), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_how", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("jkt", sa.String(length=43), nullable=False),
        sa.Column("witness_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["mdm_asset.id"], name=op.f("fk_mdm_hand_over_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["kern_officer.id"], name=op.f("fk_mdm_hand_over_offered_by")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_mdm_hand_over_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["kern_unit.id"], name=op.f("fk_mdm_hand_over_pool_id")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["kern_officer.id"], name=op.f("fk_mdm_hand_over_witness_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_hand_over")),
    )
    op.create_index(op.f("ix_mdm_hand_over_officer_id"), "mdm_hand_over", ["officer_id"])
    op.create_index(
        "uq_mdm_hand_over_open",
        "mdm_hand_over",
        ["asset_id"],
        unique=True,
        **_where("state = 'offered'"),
    )


def _create_sims() -> None:
    op.create_table(
        "mdm_sim",
        sa.Column("iccid", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("operator", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["mdm_asset.id"], name=op.f("fk_mdm_sim_asset_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_mdm_sim_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_sim")),
        sa.UniqueConstraint("iccid", name=op.f("uq_mdm_sim_iccid")),
    )
    op.create_index(op.f("ix_mdm_sim_asset_id"), "mdm_sim", ["asset_id"])
    op.create_index(op.f("ix_mdm_sim_number"), "mdm_sim", ["number"])
    op.create_index(op.f("ix_mdm_sim_unit_id"), "mdm_sim", ["unit_id"])


def _create_stock_takes() -> None:
    op.create_table(
        "mdm_stock_take",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("unexpected", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["kern_officer.id"], name=op.f("fk_mdm_stock_take_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["kern_officer.id"], name=op.f("fk_mdm_stock_take_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_mdm_stock_take_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_stock_take")),
    )
    op.create_index(op.f("ix_mdm_stock_take_unit_id"), "mdm_stock_take", ["unit_id"])


def _create_custody() -> None:
    op.create_table(
        "mdm_custody",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("hand_over_id", sa.Uuid(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("condition_out", sa.String(length=500), nullable=False),
        sa.Column("condition_in", sa.String(length=500), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["mdm_asset.id"], name=op.f("fk_mdm_custody_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["kern_officer.id"], name=op.f("fk_mdm_custody_given_by")
        ),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["mdm_hand_over.id"], name=op.f("fk_mdm_custody_hand_over_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_mdm_custody_officer_id")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["kern_unit.id"], name=op.f("fk_mdm_custody_pool_id")),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["kern_officer.id"], name=op.f("fk_mdm_custody_taken_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_custody")),
    )
    op.create_index("ix_mdm_custody_asset_id_id", "mdm_custody", ["asset_id", "id"])
    op.create_index(op.f("ix_mdm_custody_officer_id"), "mdm_custody", ["officer_id"])
    op.create_index(
        "uq_mdm_custody_now", "mdm_custody", ["asset_id"], unique=True, **_where("until IS NULL")
    )


def _create_sim_uses() -> None:
    op.create_table(
        "mdm_sim_use",
        sa.Column("sim_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("put_by", sa.Uuid(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["mdm_asset.id"], name=op.f("fk_mdm_sim_use_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["put_by"], ["kern_officer.id"], name=op.f("fk_mdm_sim_use_put_by")
        ),
        sa.ForeignKeyConstraint(["sim_id"], ["mdm_sim.id"], name=op.f("fk_mdm_sim_use_sim_id")),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["kern_officer.id"], name=op.f("fk_mdm_sim_use_taken_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_sim_use")),
    )
    op.create_index(op.f("ix_mdm_sim_use_asset_id"), "mdm_sim_use", ["asset_id"])
    op.create_index("ix_mdm_sim_use_sim_id_id", "mdm_sim_use", ["sim_id", "id"])
    op.create_index(
        "uq_mdm_sim_use_now", "mdm_sim_use", ["sim_id"], unique=True, **_where("until IS NULL")
    )


def _create_stock_lines() -> None:
    op.create_table(
        "mdm_stock_line",
        sa.Column("stock_take_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("scanned_at", MOMENT, nullable=True),
        sa.Column("scanned_by", sa.Uuid(), nullable=True),
        sa.Column("reported_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["mdm_asset.id"], name=op.f("fk_mdm_stock_line_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["scanned_by"], ["kern_officer.id"], name=op.f("fk_mdm_stock_line_scanned_by")
        ),
        sa.ForeignKeyConstraint(
            ["stock_take_id"], ["mdm_stock_take.id"], name=op.f("fk_mdm_stock_line_stock_take_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_stock_line")),
        sa.UniqueConstraint(
            "stock_take_id", "serial", name=op.f("uq_mdm_stock_line_stock_take_id_serial")
        ),
    )
    op.create_index(
        "ix_mdm_stock_line_stock_take_id_result_id",
        "mdm_stock_line",
        ["stock_take_id", "result", "id"],
    )
