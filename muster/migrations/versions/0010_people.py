"""People who come, move and go: lent roles, what leavers held, access reviews, break-glass, the directory."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_SHORT = sa.String(length=16)
_WHY = sa.String(length=500)


def upgrade() -> None:
    _widen()
    _requests()
    _holdings()
    _break_glass()
    _reviews()
    _directory()


def downgrade() -> None:
    op.drop_index("ix_kern_directory_run_state_id", table_name="kern_directory_run")
    op.drop_table("kern_directory_run")
    op.drop_index(op.f("ix_kern_access_review_item_review_id"), "kern_access_review_item")
    op.drop_table("kern_access_review_item")
    op.drop_index(op.f("ix_kern_access_review_unit_id"), table_name="kern_access_review")
    op.drop_index("ix_kern_access_review_state_id", table_name="kern_access_review")
    op.drop_table("kern_access_review")
    op.drop_index(op.f("ix_kern_break_glass_officer_id"), table_name="kern_break_glass")
    op.drop_index("ix_kern_break_glass_verdict_id", table_name="kern_break_glass")
    op.drop_table("kern_break_glass")
    op.drop_index(op.f("ix_kern_holding_officer_id"), table_name="kern_holding")
    op.drop_index("ix_kern_holding_unit_id_resolved_at", table_name="kern_holding")
    op.drop_table("kern_holding")
    op.drop_table("kern_role_request")
    with op.batch_alter_table("kern_session") as session:
        session.drop_column("must_change")
    with op.batch_alter_table("kern_credential") as credential:
        credential.drop_column("expires_at")
        credential.drop_column("must_change")
    op.execute("DELETE FROM kern_role_grant WHERE kind <> 'standing'")
    with op.batch_alter_table("kern_role_grant") as grant:
        grant.drop_constraint(
            op.f("uq_kern_role_grant_officer_id_role_unit_id_kind"), type_="unique"
        )
        grant.create_unique_constraint(
            op.f("uq_kern_role_grant_officer_id_role_unit_id"), ["officer_id", "role", "unit_id"]
        )
        grant.drop_constraint(op.f("fk_kern_role_grant_granted_by"), type_="foreignkey")
        for name in ("reason", "granted_by", "kind"):
            grant.drop_column(name)
    op.execute("DELETE FROM kern_certification WHERE kind <> 'standing'")
    with op.batch_alter_table("kern_certification") as certification:
        certification.drop_constraint(op.f("fk_kern_certification_granted_by"), type_="foreignkey")
        for name in ("reason", "granted_by", "kind"):
            certification.drop_column(name)
    with op.batch_alter_table("kern_officer") as officer:
        officer.drop_constraint(op.f("uq_kern_officer_external_id"), type_="unique")
        officer.drop_column("external_id")
        officer.drop_column("active_since")
        officer.drop_column("source")


def _widen() -> None:
    """Existing rows get the plain value; new ones say for themselves."""
    with op.batch_alter_table("kern_officer") as officer:
        officer.add_column(sa.Column("source", _SHORT, nullable=False, server_default="local"))
        officer.add_column(sa.Column("active_since", MOMENT, nullable=True))
        officer.add_column(sa.Column("external_id", sa.String(length=128), nullable=True))
        officer.create_unique_constraint(op.f("uq_kern_officer_external_id"), ["external_id"])
    for table in ("kern_certification", "kern_role_grant"):
        with op.batch_alter_table(table) as rows:
            rows.add_column(sa.Column("kind", _SHORT, nullable=False, server_default="standing"))
            rows.add_column(sa.Column("granted_by", sa.Uuid(), nullable=True))
            rows.add_column(sa.Column("reason", _WHY, nullable=False, server_default=""))
            rows.create_foreign_key(
                op.f(f"fk_{table}_granted_by"), "kern_officer", ["granted_by"], ["id"]
            )
    with op.batch_alter_table("kern_role_grant") as grant:
        grant.drop_constraint(op.f("uq_kern_role_grant_officer_id_role_unit_id"), type_="unique")
        grant.create_unique_constraint(
            op.f("uq_kern_role_grant_officer_id_role_unit_id_kind"),
            ["officer_id", "role", "unit_id", "kind"],
        )
    no = sa.false()
    with op.batch_alter_table("kern_credential") as credential:
        credential.add_column(
            sa.Column("must_change", sa.Boolean(), nullable=False, server_default=no)
        )
        credential.add_column(sa.Column("expires_at", MOMENT, nullable=True))
    with op.batch_alter_table("kern_session") as session:
        session.add_column(
            sa.Column("must_change", sa.Boolean(), nullable=False, server_default=no)
        )
    for table, names in (
        ("kern_officer", ("source",)),
        ("kern_certification", ("kind", "reason")),
        ("kern_role_grant", ("kind", "reason")),
        ("kern_credential", ("must_change",)),
        ("kern_session", ("must_change",)),
    ):
        with op.batch_alter_table(table) as rows:
            for name in names:
                rows.alter_column(name, server_default=None)


def _requests() -> None:
    op.create_table(
        "kern_role_request",
        _id(),
        _officer("officer_id"),
        sa.Column("role", sa.String(length=32), nullable=False),
        _unit(),
        sa.Column("kind", _SHORT, nullable=False),
        sa.Column("valid_from", MOMENT, nullable=True),
        sa.Column("valid_until", MOMENT, nullable=True),
        _officer("requested_by"),
        *_stamps(),
        *_keys("kern_role_request", "officer_id", "requested_by", "unit_id"),
    )


def _holdings() -> None:
    op.create_table(
        "kern_holding",
        _id(),
        _officer("officer_id"),
        _unit(),
        sa.Column("cause", _SHORT, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        _officer("resolved_by", nullable=True),
        sa.Column("resolution", _WHY, nullable=False),
        *_stamps(),
        *_keys("kern_holding", "officer_id", "resolved_by", "unit_id"),
    )
    op.create_index(op.f("ix_kern_holding_officer_id"), "kern_holding", ["officer_id"])
    op.create_index(
        "ix_kern_holding_unit_id_resolved_at", "kern_holding", ["unit_id", "resolved_at"]
    )


def _break_glass() -> None:
    op.create_table(
        "kern_break_glass",
        _id(),
        _officer("officer_id"),
        sa.Column("kind", _SHORT, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        _unit(),
        sa.Column("reason", _WHY, nullable=False),
        sa.Column("case_ref", sa.String(length=64), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("review_due_at", MOMENT, nullable=False),
        sa.Column("verdict", _SHORT, nullable=False),
        _officer("reviewed_by", nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("note", _WHY, nullable=False),
        *_stamps(),
        *_keys("kern_break_glass", "officer_id", "reviewed_by", "unit_id"),
    )
    op.create_index(op.f("ix_kern_break_glass_officer_id"), "kern_break_glass", ["officer_id"])
    op.create_index("ix_kern_break_glass_verdict_id", "kern_break_glass", ["verdict", "id"])


def _reviews() -> None:
    op.create_table(
        "kern_access_review",
        _id(),
        _unit(),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("state", _SHORT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        *_stamps(),
        *_keys("kern_access_review", "unit_id"),
    )
    op.create_index(op.f("ix_kern_access_review_unit_id"), "kern_access_review", ["unit_id"])
    op.create_index("ix_kern_access_review_state_id", "kern_access_review", ["state", "id"])
    op.create_table(
        "kern_access_review_item",
        _id(),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        _officer("officer_id"),
        sa.Column("role", sa.String(length=32), nullable=False),
        _unit(),
        sa.Column("decision", _SHORT, nullable=False),
        _officer("decided_by", nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("note", _WHY, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["kern_access_review.id"],
            name=op.f("fk_kern_access_review_item_review_id"),
        ),
        *_keys("kern_access_review_item", "officer_id", "decided_by", "unit_id"),
    )
    op.create_index(
        op.f("ix_kern_access_review_item_review_id"), "kern_access_review_item", ["review_id"]
    )


def _directory() -> None:
    counts = ("added", "changed", "unchanged", "removed")
    op.create_table(
        "kern_directory_run",
        _id(),
        sa.Column("source", _SHORT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("faults", JSON, nullable=False),
        sa.Column("held", JSON, nullable=False),
        sa.Column("state", _SHORT, nullable=False),
        _officer("decided_by", nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("note", _WHY, nullable=False),
        *_stamps(),
        *_keys("kern_directory_run", "decided_by"),
    )
    op.create_index("ix_kern_directory_run_state_id", "kern_directory_run", ["state", "id"])


def _id() -> "sa.Column[object]":
    return sa.Column("id", sa.Uuid(), nullable=False)


def _officer(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _unit() -> "sa.Column[object]":
    return sa.Column("unit_id", sa.Uuid(), nullable=False)


def _stamps() -> "list[sa.Column[object]]":
    return [sa.Column(f"{what}_at", MOMENT, nullable=False) for what in ("created", "updated")]


def _keys(table: str, *foreign: str) -> list[sa.Constraint]:
    """Return the primary key and the foreign keys: `unit_id` to units, all others to officers."""
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["kern_unit.id" if name == "unit_id" else "kern_officer.id"],
                name=op.f(f"fk_{table}_{name}"),
            )
            for name in foreign
        ),
    ]
