"""The tables of kernel."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def transaction_id() -> sa.TextClause:
    """The id of the writing transaction orders commits on PostgreSQL; SQLite has one writer."""
    if op.get_bind().dialect.name == "postgresql":
        return sa.text("pg_current_xact_id()::text::bigint")
    return sa.text("0")


def upgrade() -> None:
    op.create_table(
        "kern_audit",
        sa.Column(
            "n",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("xid", sa.BigInteger(), server_default=transaction_id(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_label", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_ref", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("policies", JSON, nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_kern_audit")),
        sa.UniqueConstraint("id", name=op.f("uq_kern_audit_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kern_audit_actor_id_n", "kern_audit", ["actor_id", "n"], unique=False)
    op.create_index(op.f("ix_kern_audit_at"), "kern_audit", ["at"], unique=False)
    op.create_index("ix_kern_audit_device_id_n", "kern_audit", ["device_id", "n"], unique=False)
    op.create_index(
        "ix_kern_audit_resource_n",
        "kern_audit",
        ["resource_type", "resource_id", "n"],
        unique=False,
    )
    op.create_index("ix_kern_audit_xid_n", "kern_audit", ["xid", "n"], unique=False)
    op.create_table(
        "kern_audit_checkpoint",
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("floor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_kern_audit_checkpoint")),
    )
    op.create_table(
        "kern_audit_leaf",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_kern_audit_leaf")),
        sa.UniqueConstraint("n", name=op.f("uq_kern_audit_leaf_n")),
    )
    op.create_table(
        "kern_audit_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "idx",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name=op.f("pk_kern_audit_node")),
    )
    op.create_table(
        "kern_audit_subject",
        sa.Column(
            "n",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("n", "hash", name=op.f("pk_kern_audit_subject")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_kern_audit_subject_hash_n", "kern_audit_subject", ["hash", "n"], unique=False
    )
    op.create_table(
        "kern_blob",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=127), nullable=False),
        sa.Column("store_key", sa.String(length=200), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_blob")),
    )
    op.create_index(
        "uq_kern_blob_sha256",
        "kern_blob",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("kind = 'shared'"),
        postgresql_where=sa.text("kind = 'shared'"),
    )
    op.create_table(
        "kern_client",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("package", sa.String(length=200), nullable=False),
        sa.Column("signer", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_client")),
        sa.UniqueConstraint("name", name=op.f("uq_kern_client_name")),
    )
    op.create_table(
        "kern_epoch",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kern_epoch")),
    )
    op.create_table(
        "kern_idempotent_answer",
        sa.Column("actor_id", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_kern_idempotent_answer")),
    )
    op.create_index(
        op.f("ix_kern_idempotent_answer_created_at"),
        "kern_idempotent_answer",
        ["created_at"],
        unique=False,
    )
    op.create_table(
        "kern_job",
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_job")),
    )
    op.create_index(
        "ix_kern_job_finished",
        "kern_job",
        ["finished_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NOT NULL"),
        sqlite_where=sa.text("finished_at IS NOT NULL"),
    )
    op.create_index(
        "ix_kern_job_ready",
        "kern_job",
        ["run_at"],
        unique=False,
        postgresql_where=sa.text("state = 'ready'"),
        sqlite_where=sa.text("state = 'ready'"),
    )
    op.create_index(
        "ix_kern_job_running",
        "kern_job",
        ["locked_until"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
        sqlite_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "uq_kern_job_key",
        "kern_job",
        ["key"],
        unique=True,
        postgresql_where=sa.text("state IN ('ready', 'running')"),
        sqlite_where=sa.text("state IN ('ready', 'running')"),
    )
    op.create_table(
        "kern_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("algorithm", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("public", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_kern_key_kid")),
    )
    op.create_index(
        "uq_kern_key_purpose_state",
        "kern_key",
        ["purpose", "state"],
        unique=True,
        sqlite_where=sa.text("state <> 'old'"),
        postgresql_where=sa.text("state <> 'old'"),
    )
    op.create_table(
        "kern_lockout",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_kern_lockout")),
    )
    op.create_index(
        "ix_kern_lockout_locked_at",
        "kern_lockout",
        ["locked_at"],
        unique=False,
        postgresql_where=sa.text("locked_at IS NOT NULL"),
        sqlite_where=sa.text("locked_at IS NOT NULL"),
    )
    op.create_table(
        "kern_outbox",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_outbox")),
    )
    op.create_index(
        "ix_kern_outbox_done",
        "kern_outbox",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state = 'done'"),
        sqlite_where=sa.text("state = 'done'"),
    )
    op.create_index(
        "ix_kern_outbox_pending",
        "kern_outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "kern_rate",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("full_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kern_rate")),
    )
    op.create_index(op.f("ix_kern_rate_full_at"), "kern_rate", ["full_at"], unique=False)
    op.create_table(
        "kern_replay",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kern_replay")),
    )
    op.create_index(op.f("ix_kern_replay_until"), "kern_replay", ["until"], unique=False)
    op.create_table(
        "kern_schedule",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kern_schedule")),
    )
    op.create_table(
        "kern_unit",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["kern_unit.id"], name=op.f("fk_kern_unit_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_kern_unit_code")),
    )
    op.create_index(op.f("ix_kern_unit_path"), "kern_unit", ["path"], unique=False)
    op.create_table(
        "kern_device",
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("jwk", JSON, nullable=False),
        sa.Column("jkt", sa.String(length=43), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("posture_reasons", JSON, nullable=False),
        sa.Column("posture_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_kern_device_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_device")),
        sa.UniqueConstraint("jkt", name=op.f("uq_kern_device_jkt")),
        sa.UniqueConstraint("label", name=op.f("uq_kern_device_label")),
    )
    op.create_index(op.f("ix_kern_device_unit_id"), "kern_device", ["unit_id"], unique=False)
    op.create_table(
        "kern_officer",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sworn", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_kern_officer_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_officer")),
        sa.UniqueConstraint("number", name=op.f("uq_kern_officer_number")),
    )
    op.create_index(op.f("ix_kern_officer_unit_id"), "kern_officer", ["unit_id"], unique=False)
    op.create_table(
        "kern_upload",
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blob_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["kern_blob.id"], name=op.f("fk_kern_upload_blob_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_upload")),
    )
    op.create_index("ix_kern_upload_expires_at", "kern_upload", ["expires_at"], unique=False)
    op.create_index(
        "ix_kern_upload_owner",
        "kern_upload",
        ["officer_id", "device_id", "client_id"],
        unique=False,
    )
    op.create_table(
        "kern_approval",
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("resource_type", sa.String(length=64), nullable=False),
        sa.Column("resource_ids", JSON, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("frozen_hash", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["kern_officer.id"], name=op.f("fk_kern_approval_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["kern_officer.id"], name=op.f("fk_kern_approval_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_approval")),
    )
    op.create_index("ix_kern_approval_state_id", "kern_approval", ["state", "id"], unique=False)
    op.create_table(
        "kern_client_credential",
        sa.Column("surface", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("officer_epoch", sa.Integer(), nullable=False),
        sa.Column("device_epoch", sa.Integer(), nullable=False),
        sa.Column("client_epoch", sa.Integer(), nullable=False),
        sa.Column("scope", JSON, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["kern_client.id"], name=op.f("fk_kern_client_credential_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kern_device.id"], name=op.f("fk_kern_client_credential_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_client_credential_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_client_credential")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_kern_client_credential_secret_hash")),
    )
    op.create_table(
        "kern_credential",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_credential_officer_id")
        ),
        sa.PrimaryKeyConstraint("officer_id", "kind", name=op.f("pk_kern_credential")),
    )
    op.create_table(
        "kern_hint_address",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=512), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["kern_device.id"],
            name=op.f("fk_kern_hint_address_device_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("device_id", "carrier", name=op.f("pk_kern_hint_address")),
    )
    op.create_table(
        "kern_notice",
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("subject_key", sa.String(length=200), nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(officer_id IS NULL) <> (role IS NULL)", name=op.f("ck_kern_notice_one_addressee")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_notice_officer_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_kern_notice_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_notice")),
    )
    op.create_index("ix_kern_notice_officer", "kern_notice", ["officer_id", "id"], unique=False)
    op.create_index("ix_kern_notice_role", "kern_notice", ["role", "id"], unique=False)
    op.create_index(
        "ix_kern_notice_unread",
        "kern_notice",
        ["kind", "subject_key"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "kern_role_grant",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_role_grant_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_kern_role_grant_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_role_grant")),
        sa.UniqueConstraint(
            "officer_id", "role", "unit_id", name=op.f("uq_kern_role_grant_officer_id_role_unit_id")
        ),
    )
    op.create_index("ix_kern_role_grant_officer", "kern_role_grant", ["officer_id"], unique=False)
    op.create_table(
        "kern_session",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("jkt", sa.String(length=43), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("officer_epoch", sa.Integer(), nullable=False),
        sa.Column("device_epoch", sa.Integer(), nullable=False),
        sa.Column("client_epoch", sa.Integer(), nullable=False),
        sa.Column("aal", sa.Integer(), nullable=False),
        sa.Column("auth_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["kern_client.id"], name=op.f("fk_kern_session_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kern_device.id"], name=op.f("fk_kern_session_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_session_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_kern_session_secret_hash")),
    )
    op.create_index(op.f("ix_kern_session_device_id"), "kern_session", ["device_id"], unique=False)
    op.create_index(
        op.f("ix_kern_session_officer_id"), "kern_session", ["officer_id"], unique=False
    )
    op.create_table(
        "kern_refresh_token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["kern_session.id"], name=op.f("fk_kern_refresh_token_session_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_kern_refresh_token")),
    )
    op.create_index(
        op.f("ix_kern_refresh_token_session_id"), "kern_refresh_token", ["session_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        # after a crash their content is worthless anyway
        op.execute("ALTER TABLE kern_rate SET UNLOGGED")
        op.execute("ALTER TABLE kern_replay SET UNLOGGED")


def downgrade() -> None:
    op.drop_index(op.f("ix_kern_refresh_token_session_id"), table_name="kern_refresh_token")
    op.drop_table("kern_refresh_token")
    op.drop_index(op.f("ix_kern_session_officer_id"), table_name="kern_session")
    op.drop_index(op.f("ix_kern_session_device_id"), table_name="kern_session")
    op.drop_table("kern_session")
    op.drop_index("ix_kern_role_grant_officer", table_name="kern_role_grant")
    op.drop_table("kern_role_grant")
    op.drop_index(
        "ix_kern_notice_unread",
        table_name="kern_notice",
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )
    op.drop_index("ix_kern_notice_role", table_name="kern_notice")
    op.drop_index("ix_kern_notice_officer", table_name="kern_notice")
    op.drop_table("kern_notice")
    op.drop_table("kern_hint_address")
    op.drop_table("kern_credential")
    op.drop_table("kern_client_credential")
    op.drop_index("ix_kern_approval_state_id", table_name="kern_approval")
    op.drop_table("kern_approval")
    op.drop_index("ix_kern_upload_owner", table_name="kern_upload")
    op.drop_index("ix_kern_upload_expires_at", table_name="kern_upload")
    op.drop_table("kern_upload")
    op.drop_index(op.f("ix_kern_officer_unit_id"), table_name="kern_officer")
    op.drop_table("kern_officer")
    op.drop_index(op.f("ix_kern_device_unit_id"), table_name="kern_device")
    op.drop_table("kern_device")
    op.drop_index(op.f("ix_kern_unit_path"), table_name="kern_unit")
    op.drop_table("kern_unit")
    op.drop_table("kern_schedule")
    op.drop_index(op.f("ix_kern_replay_until"), table_name="kern_replay")
    op.drop_table("kern_replay")
    op.drop_index(op.f("ix_kern_rate_full_at"), table_name="kern_rate")
    op.drop_table("kern_rate")
    op.drop_index(
        "ix_kern_outbox_pending",
        table_name="kern_outbox",
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )
    op.drop_index(
        "ix_kern_outbox_done",
        table_name="kern_outbox",
        postgresql_where=sa.text("state = 'done'"),
        sqlite_where=sa.text("state = 'done'"),
    )
    op.drop_table("kern_outbox")
    op.drop_index(
        "ix_kern_lockout_locked_at",
        table_name="kern_lockout",
        postgresql_where=sa.text("locked_at IS NOT NULL"),
        sqlite_where=sa.text("locked_at IS NOT NULL"),
    )
    op.drop_table("kern_lockout")
    op.drop_index(
        "uq_kern_key_purpose_state",
        table_name="kern_key",
        sqlite_where=sa.text("state <> 'old'"),
        postgresql_where=sa.text("state <> 'old'"),
    )
    op.drop_table("kern_key")
    op.drop_index(
        "uq_kern_job_key",
        table_name="kern_job",
        postgresql_where=sa.text("state IN ('ready', 'running')"),
        sqlite_where=sa.text("state IN ('ready', 'running')"),
    )
    op.drop_index(
        "ix_kern_job_running",
        table_name="kern_job",
        postgresql_where=sa.text("state = 'running'"),
        sqlite_where=sa.text("state = 'running'"),
    )
    op.drop_index(
        "ix_kern_job_ready",
        table_name="kern_job",
        postgresql_where=sa.text("state = 'ready'"),
        sqlite_where=sa.text("state = 'ready'"),
    )
    op.drop_index(
        "ix_kern_job_finished",
        table_name="kern_job",
        postgresql_where=sa.text("finished_at IS NOT NULL"),
        sqlite_where=sa.text("finished_at IS NOT NULL"),
    )
    op.drop_table("kern_job")
    op.drop_index(op.f("ix_kern_idempotent_answer_created_at"), table_name="kern_idempotent_answer")
    op.drop_table("kern_idempotent_answer")
    op.drop_table("kern_epoch")
    op.drop_table("kern_client")
    op.drop_index(
        "uq_kern_blob_sha256",
        table_name="kern_blob",
        sqlite_where=sa.text("kind = 'shared'"),
        postgresql_where=sa.text("kind = 'shared'"),
    )
    op.drop_table("kern_blob")
    op.drop_index("ix_kern_audit_subject_hash_n", table_name="kern_audit_subject")
    op.drop_table("kern_audit_subject")
    op.drop_table("kern_audit_node")
    op.drop_table("kern_audit_leaf")
    op.drop_table("kern_audit_checkpoint")
    op.drop_index("ix_kern_audit_xid_n", table_name="kern_audit")
    op.drop_index("ix_kern_audit_resource_n", table_name="kern_audit")
    op.drop_index("ix_kern_audit_device_id_n", table_name="kern_audit")
    op.drop_index(op.f("ix_kern_audit_at"), table_name="kern_audit")
    op.drop_index("ix_kern_audit_actor_id_n", table_name="kern_audit")
    op.drop_table("kern_audit")
