"""Keeping the audit log: operations, witnesses, retention with holds, reviews, forwarding."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name, kind in (("operation", sa.String(length=16)), ("recipient", sa.Text())):
        op.add_column("kern_audit", sa.Column(name, kind, nullable=False, server_default=""))
    op.create_table(
        "kern_audit_cosignature",
        sa.Column("size", BIG, autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_kern_audit_cosignature")),
    )
    op.create_table(
        "kern_audit_archive",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("entries", BIG, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_audit_archive")),
    )
    op.create_table(
        "kern_audit_retired",
        sa.Column("first", BIG, autoincrement=False, nullable=False),
        sa.Column("last", BIG, nullable=False),
        sa.Column("archive_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_kern_audit_retired")),
    )
    op.create_index(op.f("ix_kern_audit_retired_archive_id"), "kern_audit_retired", ["archive_id"])
    op.create_table(
        "kern_witness",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kern_witness")),
    )
    op.create_table(
        "kern_forwarding",
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_kern_forwarding")),
    )
    op.create_table(
        "kern_legal_hold",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["kern_officer.id"], name=op.f("fk_kern_legal_hold_placed_by")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["kern_officer.id"], name=op.f("fk_kern_legal_hold_lifted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_legal_hold")),
    )
    op.create_table(
        "kern_review_item",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("case_ref", sa.String(length=200), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_review_item_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_kern_review_item_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["kern_officer.id"], name=op.f("fk_kern_review_item_reviewed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_review_item")),
        sa.UniqueConstraint("kind", "entry_id", name=op.f("uq_kern_review_item_kind_entry_id")),
    )
    op.create_index("ix_kern_review_item_state_id", "kern_review_item", ["state", "id"])


def downgrade() -> None:
    for name in (
        "kern_review_item",
        "kern_legal_hold",
        "kern_forwarding",
        "kern_witness",
        "kern_audit_retired",
        "kern_audit_archive",
        "kern_audit_cosignature",
    ):
        op.drop_table(name)
    with op.batch_alter_table("kern_audit") as table:
        table.drop_column("recipient")
        table.drop_column("operation")
