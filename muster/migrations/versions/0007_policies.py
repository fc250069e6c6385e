"""Access policies of the force: sets, publications and what shadows found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "kern_access_policy_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("off", JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=80), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["kern_officer.id"],
            name=op.f("fk_kern_access_policy_set_created_by_kern_officer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_access_policy_set")),
        sa.UniqueConstraint("number", name=op.f("uq_kern_access_policy_set_number")),
    )
    op.create_table(
        "kern_access_policy_publication",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["kern_access_policy_set.id"],
            name=op.f("fk_kern_access_policy_publication_set_id_kern_access_policy_set"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["kern_officer.id"],
            name=op.f("fk_kern_access_policy_publication_asked_by_kern_officer"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["kern_officer.id"],
            name=op.f("fk_kern_access_policy_publication_approved_by_kern_officer"),
        ),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_kern_access_policy_publication")),
    )
    op.create_index(
        "ix_kern_access_policy_publication_kind_epoch",
        "kern_access_policy_publication",
        ["kind", "epoch"],
    )
    op.create_table(
        "kern_access_policy_shadow",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_label", sa.String(length=100), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["kern_access_policy_set.id"],
            name=op.f("fk_kern_access_policy_shadow_set_id_kern_access_policy_set"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_access_policy_shadow")),
    )
    op.create_index(
        "ix_kern_access_policy_shadow_set_id_key",
        "kern_access_policy_shadow",
        ["set_id", "key"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("kern_access_policy_shadow")
    op.drop_table("kern_access_policy_publication")
    op.drop_table("kern_access_policy_set")
