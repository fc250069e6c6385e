"""Wire shapes of imports."""

from marshmallow import Schema, fields


class ImportQuery(Schema):
    """How a file is taken."""

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Only say what is wrong with the file"}
    )


class ImportFaultSchema(Schema):
    """One fault: `/<line>/<column>`, the heading being line 1."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)


class ImportReportSchema(Schema):
    """What an import did, or would do."""

    kind = fields.String(required=True)
    rows = fields.Integer(required=True)
    dry_run = fields.Boolean(required=True)
    sha256 = fields.String(required=True)
    import_id = fields.UUID(allow_none=True)
    faults = fields.List(fields.Nested(ImportFaultSchema), required=True)


class ImportVersionSchema(Schema):
    """One file that was taken."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    sha256 = fields.String(required=True)
    rows = fields.Integer(required=True)
    by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    current_at = fields.AwareDateTime(allow_none=True)
