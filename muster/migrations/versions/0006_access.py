"""What access policies may ask about a person and a session: duty, certifications, how they signed in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "kern_certification",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["kern_officer.id"],
            name=op.f("fk_kern_certification_officer_id_kern_officer"),
        ),
        sa.PrimaryKeyConstraint("officer_id", "dataset", name=op.f("pk_kern_certification")),
    )
    with op.batch_alter_table("kern_officer") as officer:
        officer.add_column(sa.Column("duty_until", sa.DateTime(timezone=True), nullable=True))
        officer.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        officer.add_column(sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("kern_client") as client:
        client.add_column(sa.Column("sandbox_unit_id", sa.Uuid(), nullable=True))
        client.create_foreign_key(
            op.f("fk_kern_client_sandbox_unit_id_kern_unit"),
            "kern_unit",
            ["sandbox_unit_id"],
            ["id"],
        )
    with op.batch_alter_table("kern_session") as session:
        session.add_column(sa.Column("amr", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("kern_session") as session:
        session.alter_column("amr", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("kern_session") as session:
        session.drop_column("amr")
    with op.batch_alter_table("kern_client") as client:
        client.drop_constraint(op.f("fk_kern_client_sandbox_unit_id_kern_unit"), type_="foreignkey")
        client.drop_column("sandbox_unit_id")
    with op.batch_alter_table("kern_officer") as officer:
        officer.drop_column("last_sign_in_at")
        officer.drop_column("ends_at")
        officer.drop_column("duty_until")
    op.drop_table("kern_certification")
