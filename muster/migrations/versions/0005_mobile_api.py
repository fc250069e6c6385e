"""The tables of mobile_api."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "field_import",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_import")),
    )
    op.create_index("ix_field_import_kind_id", "field_import", ["kind", "id"], unique=False)
    op.create_table(
        "field_purpose",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("label_en", sa.String(length=100), nullable=False),
        sa.Column("label_zh", sa.String(length=100), nullable=False),
        sa.Column("requires", JSON, nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_field_purpose")),
    )
    op.create_table(
        "field_address",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("text_zh", sa.String(length=300), nullable=False),
        sa.Column("text_en", sa.String(length=300), nullable=False),
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("street_zh", sa.String(length=200), nullable=False),
        sa.Column("street_en", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("building", sa.String(length=64), nullable=False),
        sa.Column("community_zh", sa.String(length=200), nullable=False),
        sa.Column("community_en", sa.String(length=200), nullable=False),
        sa.Column("beat", sa.String(length=64), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_address_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "code", name=op.f("pk_field_address")),
    )
    op.create_table(
        "field_address_book",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["kern_blob.id"], name=op.f("fk_field_address_book_blob_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_address_book_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_field_address_book")),
    )
    op.create_table(
        "field_area",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("wkb", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_area_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "code", name=op.f("pk_field_area")),
    )
    op.create_table(
        "field_check_request",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_number", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("case_ref", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signal", sa.String(length=8), nullable=False),
        sa.Column("signal_reason", sa.String(length=200), nullable=False),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retain_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_field_check_request_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_check_request")),
    )
    op.create_index(
        "ix_field_check_request_retain_until", "field_check_request", ["retain_until"], unique=False
    )
    op.create_index(
        "ix_field_check_request_unit_id_id", "field_check_request", ["unit_id", "id"], unique=False
    )
    op.create_table(
        "field_evidence_held",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["kern_blob.id"], name=op.f("fk_field_evidence_held_blob_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_evidence_held")),
        sa.UniqueConstraint(
            "instance_id",
            "name",
            "officer_id",
            "device_id",
            name=op.f("uq_field_evidence_held_instance_id_name_officer_id_device_id"),
        ),
    )
    op.create_index(
        "ix_field_evidence_held_held_until", "field_evidence_held", ["held_until"], unique=False
    )
    op.create_table(
        "field_evidence_quarantine",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["kern_blob.id"], name=op.f("fk_field_evidence_quarantine_blob_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_evidence_quarantine")),
        sa.UniqueConstraint(
            "instance_id",
            "name",
            "sha256",
            name=op.f("uq_field_evidence_quarantine_instance_id_name_sha256"),
        ),
    )
    op.create_index(
        "ix_field_evidence_quarantine_held_until",
        "field_evidence_quarantine",
        ["held_until"],
        unique=False,
    )
    op.create_table(
        "field_form",
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_field_form_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_form")),
        sa.UniqueConstraint("form_id", name=op.f("uq_field_form_form_id")),
    )
    op.create_table(
        "field_ident_row",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("norm", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_ident_row_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_ident_row")),
    )
    op.create_index(
        "ix_field_ident_row_kind_folded", "field_ident_row", ["kind", "folded"], unique=False
    )
    op.create_index(
        "ix_field_ident_row_kind_norm", "field_ident_row", ["kind", "norm"], unique=False
    )
    op.create_index("ix_field_ident_row_record_id", "field_ident_row", ["record_id"], unique=False)
    op.create_table(
        "field_import_pointer",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_import_pointer_import_id")
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_field_import_pointer")),
    )
    op.create_table(
        "field_incident",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("summary_zh", sa.String(length=500), nullable=False),
        sa.Column("summary_en", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("beat", sa.String(length=64), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_field_incident_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_incident")),
        sa.UniqueConstraint("number", name=op.f("uq_field_incident_number")),
    )
    op.create_index(
        "ix_field_incident_unit_id_reported_at",
        "field_incident",
        ["unit_id", "reported_at"],
        unique=False,
    )
    op.create_table(
        "field_name_row",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("norm", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("born", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_name_row_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_name_row")),
    )
    op.create_index(
        "ix_field_name_row_folded_born", "field_name_row", ["folded", "born"], unique=False
    )
    op.create_index("ix_field_name_row_record_id", "field_name_row", ["record_id"], unique=False)
    op.create_table(
        "field_package",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("manifest", JSON, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["kern_blob.id"], name=op.f("fk_field_package_blob_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_package")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_field_package_kind_number")),
    )
    op.create_table(
        "field_person",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("dob", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("address_text", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_person_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_person")),
    )
    op.create_table(
        "field_vehicle",
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("model_en", sa.String(length=100), nullable=False),
        sa.Column("colour", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_vehicle_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_vehicle")),
    )
    op.create_table(
        "field_wanted",
        sa.Column("record_ref", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("dob", sa.Date(), nullable=True),
        sa.Column("caution", JSON, nullable=False),
        sa.Column("action_instruction", sa.String(length=500), nullable=False),
        sa.Column("owner_agency", sa.String(length=200), nullable=False),
        sa.Column("owner_phone", sa.String(length=64), nullable=False),
        sa.Column("owner_hours", sa.String(length=64), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_validated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["field_import.id"], name=op.f("fk_field_wanted_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_wanted")),
    )
    op.create_index(
        "ix_field_wanted_import_id_id", "field_wanted", ["import_id", "id"], unique=False
    )
    op.create_table(
        "field_check_hit",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("record_ref", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["field_check_request.id"],
            name=op.f("fk_field_check_hit_check_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_check_hit")),
    )
    op.create_index(
        op.f("ix_field_check_hit_check_id"), "field_check_hit", ["check_id"], unique=False
    )
    op.create_table(
        "field_check_source",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("version", sa.Uuid(), nullable=True),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["field_check_request.id"],
            name=op.f("fk_field_check_source_check_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("check_id", "source", name=op.f("pk_field_check_source")),
    )
    op.create_table(
        "field_form_version",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("xform", sa.LargeBinary(), nullable=False),
        sa.Column("md5", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("xlsx_id", sa.Uuid(), nullable=False),
        sa.Column("xlsx_sha256", sa.String(length=64), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("bindings", JSON, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("deadline_ms", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.String(length=32), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["field_form.id"], name=op.f("fk_field_form_version_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["xlsx_id"], ["kern_blob.id"], name=op.f("fk_field_form_version_xlsx_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_form_version")),
        sa.UniqueConstraint(
            "form_id", "version", name=op.f("uq_field_form_version_form_id_version")
        ),
    )
    op.create_table(
        "field_shift",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("beat", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_field_shift_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_shift")),
        sa.UniqueConstraint(
            "officer_id", "starts_at", name=op.f("uq_field_shift_officer_id_starts_at")
        ),
    )
    op.create_table(
        "field_submission",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_number", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("surface", sa.String(length=16), nullable=False),
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("device_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("datum", sa.String(length=16), nullable=True),
        sa.Column("original_lon", sa.Double(), nullable=True),
        sa.Column("original_lat", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["field_form.id"], name=op.f("fk_field_submission_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["kern_officer.id"], name=op.f("fk_field_submission_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["kern_unit.id"], name=op.f("fk_field_submission_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_submission")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_field_submission_instance_id")),
    )
    op.create_index("ix_field_submission_incident", "field_submission", ["incident"], unique=False)
    op.create_index(
        "ix_field_submission_officer_id_id", "field_submission", ["officer_id", "id"], unique=False
    )
    op.create_index(
        "ix_field_submission_unit_id_id", "field_submission", ["unit_id", "id"], unique=False
    )
    op.create_table(
        "field_task",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title_zh", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=False),
        sa.Column("assignee", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("beat", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["kern_officer.id"], name=op.f("fk_field_task_assignee_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["kern_unit.id"], name=op.f("fk_field_task_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_task")),
        sa.UniqueConstraint("number", name=op.f("uq_field_task_number")),
    )
    op.create_index(
        "ix_field_task_unit_id_due_at", "field_task", ["unit_id", "due_at"], unique=False
    )
    op.create_table(
        "field_submission_version",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("form_version_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=80), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_version_id"],
            ["field_form_version.id"],
            name=op.f("fk_field_submission_version_form_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["field_submission.id"],
            name=op.f("fk_field_submission_version_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_submission_version")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_field_submission_version_instance_id")),
    )
    op.create_index(
        op.f("ix_field_submission_version_submission_id"),
        "field_submission_version",
        ["submission_id"],
        unique=False,
    )
    op.create_table(
        "field_submission_attachment",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blob_id"], ["kern_blob.id"], name=op.f("fk_field_submission_attachment_blob_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["field_submission_version.id"],
            name=op.f("fk_field_submission_attachment_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_submission_attachment")),
        sa.UniqueConstraint(
            "version_id", "name", name=op.f("uq_field_submission_attachment_version_id_name")
        ),
    )
    op.create_index(
        "ix_field_submission_attachment_instance_id",
        "field_submission_attachment",
        ["instance_id"],
        unique=False,
    )
    op.create_table(
        "field_submission_check",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["field_check_request.id"],
            name=op.f("fk_field_submission_check_check_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["field_submission_version.id"],
            name=op.f("fk_field_submission_check_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_submission_check")),
    )
    op.create_index(
        op.f("ix_field_submission_check_version_id"),
        "field_submission_check",
        ["version_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_field_submission_check_version_id"), table_name="field_submission_check")
    op.drop_table("field_submission_check")
    op.drop_index(
        "ix_field_submission_attachment_instance_id", table_name="field_submission_attachment"
    )
    op.drop_table("field_submission_attachment")
    op.drop_index(
        op.f("ix_field_submission_version_submission_id"), table_name="field_submission_version"
    )
    op.drop_table("field_submission_version")
    op.drop_index("ix_field_task_unit_id_due_at", table_name="field_task")
    op.drop_table("field_task")
    op.drop_index("ix_field_submission_unit_id_id", table_name="field_submission")
    op.drop_index("ix_field_submission_officer_id_id", table_name="field_submission")
    op.drop_index("ix_field_submission_incident", table_name="field_submission")
    op.drop_table("field_submission")
    op.drop_table("field_shift")
    op.drop_table("field_form_version")
    op.drop_table("field_check_source")
    op.drop_index(op.f("ix_field_check_hit_check_id"), table_name="field_check_hit")
    op.drop_table("field_check_hit")
    op.drop_index("ix_field_wanted_import_id_id", table_name="field_wanted")
    op.drop_table("field_wanted")
    op.drop_table("field_vehicle")
    op.drop_table("field_person")
    op.drop_table("field_package")
    op.drop_index("ix_field_name_row_record_id", table_name="field_name_row")
    op.drop_index("ix_field_name_row_folded_born", table_name="field_name_row")
    op.drop_table("field_name_row")
    op.drop_index("ix_field_incident_unit_id_reported_at", table_name="field_incident")
    op.drop_table("field_incident")
    op.drop_table("field_import_pointer")
    op.drop_index("ix_field_ident_row_record_id", table_name="field_ident_row")
    op.drop_index("ix_field_ident_row_kind_norm", table_name="field_ident_row")
    op.drop_index("ix_field_ident_row_kind_folded", table_name="field_ident_row")
    op.drop_table("field_ident_row")
    op.drop_table("field_form")
    op.drop_index("ix_field_evidence_quarantine_held_until", table_name="field_evidence_quarantine")
    op.drop_table("field_evidence_quarantine")
    op.drop_index("ix_field_evidence_held_held_until", table_name="field_evidence_held")
    op.drop_table("field_evidence_held")
    op.drop_index("ix_field_check_request_unit_id_id", table_name="field_check_request")
    op.drop_index("ix_field_check_request_retain_until", table_name="field_check_request")
    op.drop_table("field_check_request")
    op.drop_table("field_area")
    op.drop_table("field_address_book")
    op.drop_table("field_address")
    op.drop_table("field_purpose")
    op.drop_index("ix_field_import_kind_id", table_name="field_import")
    op.drop_table("field_import")
