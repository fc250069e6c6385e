"""Authorization codes, registered clients with an owner, and what a session's app asked for."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BEFORE = ["records", "checks", "tasks", "maps", "positions", "sync", "apps"]
"""What every field app could do until scopes were asked for; those in use keep it."""
_PEOPLE = {"requested_by": "kern_officer", "owner_id": "kern_officer", "unit_id": "kern_unit"}


def upgrade() -> None:
    with op.batch_alter_table("kern_client") as client:
        for name in ("requested_scopes", "redirect_uris", "jwks"):
            client.add_column(sa.Column(name, JSON, nullable=False, server_default="[]"))
        for name, table in _PEOPLE.items():
            client.add_column(sa.Column(name, sa.Uuid(), nullable=True))
            client.create_foreign_key(op.f(f"fk_kern_client_{name}_{table}"), table, [name], ["id"])
        client.add_column(sa.Column("expires_at", MOMENT, nullable=True))
    with op.batch_alter_table("kern_client") as client:
        for name in ("requested_scopes", "redirect_uris", "jwks"):
            client.alter_column(name, server_default=None)
    with op.batch_alter_table("kern_session") as session:
        session.add_column(sa.Column("scope", JSON, nullable=False, server_default="[]"))
        session.add_column(sa.Column("opened_at", MOMENT, nullable=True))
    _keep_what_apps_could_do()
    with op.batch_alter_table("kern_session") as session:
        session.alter_column("scope", server_default=None)
        session.alter_column("opened_at", nullable=False)
    with op.batch_alter_table("kern_refresh_token") as refresh:
        refresh.add_column(sa.Column("parent_hash", sa.String(length=64), nullable=True))
        refresh.create_index(op.f("ix_kern_refresh_token_parent_hash"), ["parent_hash"])
    _create_authorizations()


def downgrade() -> None:
    op.drop_index(op.f("ix_kern_authorization_expires_at"), table_name="kern_authorization")
    op.drop_table("kern_authorization")
    with op.batch_alter_table("kern_refresh_token") as refresh:
        refresh.drop_index(op.f("ix_kern_refresh_token_parent_hash"))
        refresh.drop_column("parent_hash")
    with op.batch_alter_table("kern_session") as session:
        session.drop_column("opened_at")
        session.drop_column("scope")
    with op.batch_alter_table("kern_client") as client:
        for name, table in _PEOPLE.items():
            client.drop_constraint(op.f(f"fk_kern_client_{name}_{table}"), type_="foreignkey")
            client.drop_column(name)
        for name in ("expires_at", "requested_scopes", "redirect_uris", "jwks"):
            client.drop_column(name)


def _keep_what_apps_could_do() -> None:
    as_json = "CAST(:scopes AS JSONB)" if op.get_bind().dialect.name == "postgresql" else ":scopes"
    scopes = {"scopes": json.dumps(BEFORE)}
    for statement in (
        f"UPDATE kern_client SET scopes = {as_json} WHERE kind = 'field'",  # noqa: S608 - ours
        f"UPDATE kern_session SET scope = {as_json} WHERE kind = 'field'",  # noqa: S608 - ours
    ):
        op.execute(sa.text(statement).bindparams(**scopes))
    op.execute("UPDATE kern_session SET opened_at = auth_at")


def _create_authorizations() -> None:
    op.create_table(
        "kern_authorization",
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("handle_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("jkt", sa.String(length=43), nullable=False),
        sa.Column("redirect_uri", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=1000), nullable=False),
        sa.Column("scope", JSON, nullable=False),
        sa.Column("code_challenge", sa.String(length=43), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("officer_epoch", sa.Integer(), nullable=False),
        sa.Column("amr", JSON, nullable=False),
        sa.Column("aal", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=op.f(f"fk_kern_authorization_{name}_{table}")
            )
            for name, table in (
                ("client_id", "kern_client"),
                ("officer_id", "kern_officer"),
                ("session_id", "kern_session"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kern_authorization")),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_kern_authorization_{name}"))
            for name in ("request_hash", "handle_hash", "code_hash")
        ),
    )
    op.create_index(op.f("ix_kern_authorization_expires_at"), "kern_authorization", ["expires_at"])
