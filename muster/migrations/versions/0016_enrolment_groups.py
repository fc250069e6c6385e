"""Ways in: what a token says, serial lists, pre-registrations, approval; groups by rule."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_FILLED: dict[str, dict[str, tuple[Any, Any]]] = {
    "mdm_enrol_token": {
        "agent": (sa.String(16), "native"),
        "ownership": (sa.String(16), "pooled"),
        "needs_approval": (sa.Boolean(), sa.false()),
        "listed": (sa.Boolean(), sa.false()),
    },
    "mdm_device": {"admission": (sa.String(16), "admitted")},
    "mdm_group": {"priority": (sa.Integer(), "0")},
    "mdm_group_member": {"by_rule": (sa.Boolean(), sa.false())},
}
_NAMED = {"holder_id": "kern_officer", "replaces": "kern_device"}
_WAITS = sa.text("admission = 'awaiting'")


def upgrade() -> None:
    for table, columns in _FILLED.items():
        with op.batch_alter_table(table) as changed:
            for name, (type_, default) in columns.items():
                changed.add_column(sa.Column(name, type_, nullable=False, server_default=default))
        with op.batch_alter_table(table) as changed:
            for name in columns:
                changed.alter_column(name, server_default=None)
    with op.batch_alter_table("mdm_enrol_token") as token:
        for name, other in _NAMED.items():
            token.add_column(sa.Column(name, sa.Uuid(), nullable=True))
            constraint = op.f(f"fk_mdm_enrol_token_{name}_{other}")
            token.create_foreign_key(constraint, other, [name], ["id"])
    with op.batch_alter_table("mdm_group") as group:
        group.add_column(sa.Column("rule", JSON, nullable=True))
    # Until now nobody could say that a terminal is one person's own.
    op.execute("UPDATE mdm_device SET ownership = 'pooled'")
    op.create_index(
        "ix_mdm_device_awaiting",
        "mdm_device",
        ["id"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )
    _create_serials()
    _create_pre_registrations()
    _create_rules()


def downgrade() -> None:
    op.drop_table("mdm_enrol_rule")
    op.drop_index(op.f("ix_mdm_pre_registration_unit_id"), table_name="mdm_pre_registration")
    op.drop_table("mdm_pre_registration")
    op.drop_table("mdm_enrol_serial")
    op.drop_index("ix_mdm_device_awaiting", table_name="mdm_device")
    with op.batch_alter_table("mdm_group") as group:
        group.drop_column("rule")
    with op.batch_alter_table("mdm_enrol_token") as token:
        for name, other in _NAMED.items():
            token.drop_constraint(op.f(f"fk_mdm_enrol_token_{name}_{other}"), type_="foreignkey")
            token.drop_column(name)
    for table, columns in _FILLED.items():
        with op.batch_alter_table(table) as changed:
            for name in columns:
                changed.drop_column(name)


def _create_serials() -> None:
    op.create_table(
        "mdm_enrol_serial",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        _to("mdm_enrol_serial", "token_id", "mdm_enrol_token"),
        _to("mdm_enrol_serial", "device_id", "kern_device"),
        sa.PrimaryKeyConstraint("token_id", "serial", name=op.f("pk_mdm_enrol_serial")),
    )


def _create_pre_registrations() -> None:
    name = "mdm_pre_registration"
    op.create_table(
        name,
        sa.Column("serial", sa.String(length=64), nullable=True),
        sa.Column("imei", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("device_class", sa.String(length=32), nullable=False),
        sa.Column("group_ids", JSON, nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("ownership", sa.String(length=16), nullable=False),
        sa.Column("ring", sa.String(length=32), nullable=False),
        sa.Column("attributes", JSON, nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_versioned(),
        _to(name, "unit_id", "kern_unit"),
        _to(name, "holder_id", "kern_officer"),
        _to(name, "device_id", "kern_device"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("serial", name=op.f(f"uq_{name}_serial")),
        sa.UniqueConstraint("imei", name=op.f(f"uq_{name}_imei")),
    )
    op.create_index(op.f(f"ix_{name}_unit_id"), name, ["unit_id"])


def _create_rules() -> None:
    op.create_table(
        "mdm_enrol_rule",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        *_versioned(),
        _to("mdm_enrol_rule", "unit_id", "kern_unit"),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_mdm_enrol_rule")),
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
