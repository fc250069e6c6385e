"""Equipment, terminals without a key of their own, and what more is known of a terminal."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_FILLED: dict[str, tuple[Any, str]] = {
    "agent": (sa.String(16), "native"),
    "ownership": (sa.String(16), "personal"),
    "ring": (sa.String(32), ""),
    "attributes": (JSON, "{}"),
    "software": (JSON, "{}"),
    "sims": (JSON, "[]"),
    "location": (JSON, "{}"),
}


def upgrade() -> None:
    _create_assets()
    with op.batch_alter_table("kern_device") as device:
        device.alter_column("jkt", existing_type=sa.String(43), nullable=True)
        device.add_column(sa.Column("parent_id", sa.Uuid(), nullable=True))
        device.create_index(op.f("ix_kern_device_parent_id"), ["parent_id"])
        device.create_foreign_key(
            op.f("fk_kern_device_parent_id_kern_device"), "kern_device", ["parent_id"], ["id"]
        )
    with op.batch_alter_table("mdm_device") as device:
        for name, (type_, default) in _FILLED.items():
            device.add_column(sa.Column(name, type_, nullable=False, server_default=default))
        device.add_column(sa.Column("asset_id", sa.Uuid(), nullable=True))
        device.create_index(op.f("ix_mdm_device_asset_id"), ["asset_id"])
        device.create_foreign_key(
            op.f("fk_mdm_device_asset_id_mdm_asset"), "mdm_asset", ["asset_id"], ["id"]
        )
    with op.batch_alter_table("mdm_device") as device:
        for name in _FILLED:
            device.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mdm_device") as device:
        device.drop_constraint(op.f("fk_mdm_device_asset_id_mdm_asset"), type_="foreignkey")
        device.drop_index(op.f("ix_mdm_device_asset_id"))
        device.drop_column("asset_id")
        for name in _FILLED:
            device.drop_column(name)
    with op.batch_alter_table("kern_device") as device:
        device.drop_constraint(op.f("fk_kern_device_parent_id_kern_device"), type_="foreignkey")
        device.drop_index(op.f("ix_kern_device_parent_id"))
        device.drop_column("parent_id")
    op.drop_index(op.f("ix_mdm_asset_unit_id"), table_name="mdm_asset")
    op.drop_index(op.f("ix_mdm_asset_imei"), table_name="mdm_asset")
    op.drop_table("mdm_asset")


def _create_assets() -> None:
    op.create_table(
        "mdm_asset",
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("imei", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("vendor", sa.String(length=100), nullable=False),
        sa.Column("device_class", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("stage_at", MOMENT, nullable=False),
        sa.Column("purchased_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_mdm_asset_unit_id_kern_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_asset")),
        sa.UniqueConstraint("serial", name=op.f("uq_mdm_asset_serial")),
    )
    op.create_index(op.f("ix_mdm_asset_imei"), "mdm_asset", ["imei"])
    op.create_index(op.f("ix_mdm_asset_unit_id"), "mdm_asset", ["unit_id"])
