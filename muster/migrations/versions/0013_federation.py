"""Trust in the force's CA and OpenID provider: authorities, revocation lists, bindings, links."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kern_provider_sign_in",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("onwards", sa.String(length=2000), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_kern_provider_sign_in")),
    )
    op.create_index(
        op.f("ix_kern_provider_sign_in_expires_at"),
        "kern_provider_sign_in",
        ["expires_at"],
        unique=False,
    )
    op.create_table(
        "kern_provider_state",
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keys", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("issuer", name=op.f("pk_kern_provider_state")),
    )
    op.create_table(
        "kern_trusted_authority",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("crl_url", sa.String(length=500), nullable=False),
        sa.Column("crl_error", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_trusted_authority")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_kern_trusted_authority_fingerprint")),
    )
    op.create_table(
        "kern_revocation_list",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("this_update", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_update", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["kern_trusted_authority.id"],
            name=op.f("fk_kern_revocation_list_authority_id"),
        ),
        sa.PrimaryKeyConstraint("authority_id", name=op.f("pk_kern_revocation_list")),
    )
    op.create_table(
        "kern_certificate_binding",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(since IS NULL) <> (fingerprint IS NULL)",
            name=op.f("ck_kern_certificate_binding_one_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_certificate_binding_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_certificate_binding")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_kern_certificate_binding_fingerprint")),
    )
    op.create_index(
        op.f("ix_kern_certificate_binding_officer_id"),
        "kern_certificate_binding",
        ["officer_id"],
        unique=False,
    )
    op.create_table(
        "kern_provider_link",
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_provider_link_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_provider_link")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_kern_provider_link_issuer_subject")),
        sa.UniqueConstraint(
            "officer_id", "issuer", name=op.f("uq_kern_provider_link_officer_id_issuer")
        ),
    )
    op.create_table(
        "kern_provider_session",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("sid", sa.String(length=255), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_kern_provider_session_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["kern_session.id"], name=op.f("fk_kern_provider_session_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_provider_session")),
    )
    op.create_index(
        op.f("ix_kern_provider_session_began_at"),
        "kern_provider_session",
        ["began_at"],
        unique=False,
    )
    op.create_index(
        "ix_kern_provider_session_sid", "kern_provider_session", ["issuer", "sid"], unique=False
    )
    op.create_index(
        "ix_kern_provider_session_subject",
        "kern_provider_session",
        ["issuer", "subject"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_kern_provider_session_subject", table_name="kern_provider_session")
    op.drop_index("ix_kern_provider_session_sid", table_name="kern_provider_session")
    op.drop_index(op.f("ix_kern_provider_session_began_at"), table_name="kern_provider_session")
    op.drop_table("kern_provider_session")
    op.drop_table("kern_provider_link")
    op.drop_index(
        op.f("ix_kern_certificate_binding_officer_id"), table_name="kern_certificate_binding"
    )
    op.drop_table("kern_certificate_binding")
    op.drop_table("kern_revocation_list")
    op.drop_table("kern_trusted_authority")
    op.drop_table("kern_provider_state")
    op.drop_index(op.f("ix_kern_provider_sign_in_expires_at"), table_name="kern_provider_sign_in")
    op.drop_table("kern_provider_sign_in")
