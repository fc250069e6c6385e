"""The tables of offline_sync."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sync_doc",
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("collection", "id", name=op.f("pk_sync_doc")),
    )
    op.create_table(
        "sync_epoch",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_sync_epoch")),
    )
    op.create_table(
        "sync_scope",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("v", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_scope")),
        sa.UniqueConstraint("key", name=op.f("uq_sync_scope_key")),
    )
    op.create_table(
        "sync_scope_grant",
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_scope_grant")),
    )
    op.create_index(op.f("ix_sync_scope_grant_scope"), "sync_scope_grant", ["scope"], unique=False)
    op.create_index(
        "ix_sync_scope_grant_subject",
        "sync_scope_grant",
        ["subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "sync_change",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("op", sa.String(length=6), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["sync_scope.id"], name=op.f("fk_sync_change_scope_id")
        ),
        sa.PrimaryKeyConstraint("scope_id", "seq", name=op.f("pk_sync_change")),
        sa.UniqueConstraint(
            "scope_id",
            "collection",
            "doc_id",
            name=op.f("uq_sync_change_scope_id_collection_doc_id"),
        ),
    )
    op.create_index(op.f("ix_sync_change_at"), "sync_change", ["at"], unique=False)
    op.create_index(
        "ix_sync_change_page", "sync_change", ["scope_id", "collection", "seq"], unique=False
    )
    op.create_table(
        "sync_doc_scope",
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["sync_scope.id"], name=op.f("fk_sync_doc_scope_scope_id")
        ),
        sa.PrimaryKeyConstraint("collection", "doc_id", "scope_id", name=op.f("pk_sync_doc_scope")),
    )
    op.create_index(
        "ix_sync_doc_scope_scope", "sync_doc_scope", ["scope_id", "collection"], unique=False
    )
    op.create_table(
        "sync_conflict_copy",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("doc_id", sa.String(length=64), nullable=False),
        sa.Column("base_rev", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kern_device.id"], name=op.f("fk_sync_conflict_copy_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_sync_conflict_copy_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["kern_officer.id"], name=op.f("fk_sync_conflict_copy_resolved_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_sync_conflict_copy_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_conflict_copy")),
        sa.UniqueConstraint(
            "officer_id",
            "source",
            "doc_id",
            "digest",
            name=op.f("uq_sync_conflict_copy_officer_id_source_doc_id_digest"),
        ),
    )
    op.create_index(
        "ix_sync_conflict_copy_state_id", "sync_conflict_copy", ["state", "id"], unique=False
    )
    op.create_index(
        op.f("ix_sync_conflict_copy_unit_id"), "sync_conflict_copy", ["unit_id"], unique=False
    )
    op.create_table(
        "sync_quarantine",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kern_device.id"], name=op.f("fk_sync_quarantine_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_sync_quarantine_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["kern_officer.id"], name=op.f("fk_sync_quarantine_released_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_sync_quarantine_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_quarantine")),
        sa.UniqueConstraint(
            "device_id", "digest", name=op.f("uq_sync_quarantine_device_id_digest")
        ),
    )
    op.create_index(
        op.f("ix_sync_quarantine_expires_at"), "sync_quarantine", ["expires_at"], unique=False
    )
    op.create_index("ix_sync_quarantine_state_id", "sync_quarantine", ["state", "id"], unique=False)
    op.create_index(
        op.f("ix_sync_quarantine_unit_id"), "sync_quarantine", ["unit_id"], unique=False
    )
    op.create_table(
        "sync_push_receipt",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("op_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("uploader_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("device_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["kern_officer.id"], name=op.f("fk_sync_push_receipt_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kern_device.id"], name=op.f("fk_sync_push_receipt_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["kern_session.id"], name=op.f("fk_sync_push_receipt_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["kern_officer.id"], name=op.f("fk_sync_push_receipt_uploader_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "op_id", name=op.f("pk_sync_push_receipt")),
    )
    op.create_index(
        op.f("ix_sync_push_receipt_received_at"), "sync_push_receipt", ["received_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_sync_push_receipt_received_at"), table_name="sync_push_receipt")
    op.drop_table("sync_push_receipt")
    op.drop_index(op.f("ix_sync_quarantine_unit_id"), table_name="sync_quarantine")
    op.drop_index("ix_sync_quarantine_state_id", table_name="sync_quarantine")
    op.drop_index(op.f("ix_sync_quarantine_expires_at"), table_name="sync_quarantine")
    op.drop_table("sync_quarantine")
    op.drop_index(op.f("ix_sync_conflict_copy_unit_id"), table_name="sync_conflict_copy")
    op.drop_index("ix_sync_conflict_copy_state_id", table_name="sync_conflict_copy")
    op.drop_table("sync_conflict_copy")
    op.drop_index("ix_sync_doc_scope_scope", table_name="sync_doc_scope")
    op.drop_table("sync_doc_scope")
    op.drop_index("ix_sync_change_page", table_name="sync_change")
    op.drop_index(op.f("ix_sync_change_at"), table_name="sync_change")
    op.drop_table("sync_change")
    op.drop_index("ix_sync_scope_grant_subject", table_name="sync_scope_grant")
    op.drop_index(op.f("ix_sync_scope_grant_scope"), table_name="sync_scope_grant")
    op.drop_table("sync_scope_grant")
    op.drop_table("sync_scope")
    op.drop_table("sync_epoch")
    op.drop_table("sync_doc")
