"""Certificates of terminals, and proofs of their keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _attestation_up()
    _certificates_up()


def downgrade() -> None:
    _certificates_down()
    _attestation_down()


# -- key attestation (mdm/attestation) ---------------------------------------------------------


def _attestation_up() -> None:
    op.create_table(
        "mdm_attestation_list",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_attestation_list")),
    )
    op.create_index("ix_mdm_attestation_list_kind_id", "mdm_attestation_list", ["kind", "id"])
    op.create_table(
        "mdm_attestation",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("os_patch", sa.Date(), nullable=True),
        sa.Column("serials", JSON, nullable=False),
        sa.Column("root_pin", sa.String(length=64), nullable=False),
        sa.Column("status_list_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f("fk_mdm_attestation_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["status_list_id"],
            ["mdm_attestation_list.id"],
            name=op.f("fk_mdm_attestation_status_list_id"),
        ),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_mdm_attestation")),
    )
    op.create_table(
        "mdm_attestation_challenge",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["mdm_device.id"], name=op.f("fk_mdm_attestation_challenge_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["mdm_enrol_token.id"], name=op.f("fk_mdm_attestation_challenge_token_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_mdm_attestation_challenge")),
    )
    op.create_index(
        "ix_mdm_attestation_challenge_expires_at", "mdm_attestation_challenge", ["expires_at"]
    )


def _attestation_down() -> None:
    op.drop_index("ix_mdm_attestation_challenge_expires_at", table_name="mdm_attestation_challenge")
    op.drop_table("mdm_attestation_challenge")
    op.drop_table("mdm_attestation")
    op.drop_index("ix_mdm_attestation_list_kind_id", table_name="mdm_attestation_list")
    op.drop_table("mdm_attestation_list")


# -- certificates of terminals (mdm/certificates) ----------------------------------------------


def _certificates_up() -> None:
    op.create_table(
        "mdm_issuing_ca",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("spki", sa.String(length=64), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("parents", JSON, nullable=False),
        sa.Column("sealed_ra_key", sa.LargeBinary(), nullable=True),
        sa.Column("ra_certificate", sa.LargeBinary(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_issuing_ca")),
        sa.UniqueConstraint("spki", name=op.f("uq_mdm_issuing_ca_spki")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mdm_issuing_ca_fingerprint")),
    )
    op.create_table(
        "mdm_certificate",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("device_epoch", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("spki", sa.String(length=64), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kern_device.id"], name=op.f("fk_mdm_certificate_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["mdm_issuing_ca.id"], name=op.f("fk_mdm_certificate_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["kern_officer.id"], name=op.f("fk_mdm_certificate_revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_certificate")),
        sa.UniqueConstraint("serial", name=op.f("uq_mdm_certificate_serial")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mdm_certificate_fingerprint")),
    )
    op.create_index("ix_mdm_certificate_device_id_id", "mdm_certificate", ["device_id", "id"])
    op.create_index(
        "ix_mdm_certificate_issuer_id_revoked_at", "mdm_certificate", ["issuer_id", "revoked_at"]
    )
    op.create_index("ix_mdm_certificate_spki", "mdm_certificate", ["spki"])
    op.create_table(
        "mdm_scep_challenge",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("device_epoch", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["kern_device.id"], name=op.f("fk_mdm_scep_challenge_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["kern_officer.id"], name=op.f("fk_mdm_scep_challenge_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mdm_scep_challenge")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_mdm_scep_challenge_secret_hash")),
    )
    op.create_index(op.f("ix_mdm_scep_challenge_device_id"), "mdm_scep_challenge", ["device_id"])
    op.create_table(
        "mdm_crl",
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("this_update", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_update", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["mdm_issuing_ca.id"], name=op.f("fk_mdm_crl_issuer_id")
        ),
        sa.PrimaryKeyConstraint("issuer_id", name=op.f("pk_mdm_crl")),
    )


def _certificates_down() -> None:
    op.drop_table("mdm_crl")
    op.drop_index(op.f("ix_mdm_scep_challenge_device_id"), table_name="mdm_scep_challenge")
    op.drop_table("mdm_scep_challenge")
    op.drop_index("ix_mdm_certificate_spki", table_name="mdm_certificate")
    op.drop_index("ix_mdm_certificate_issuer_id_revoked_at", table_name="mdm_certificate")
    op.drop_index("ix_mdm_certificate_device_id_id", table_name="mdm_certificate")
    op.drop_table("mdm_certificate")
    op.drop_table("mdm_issuing_ca")
