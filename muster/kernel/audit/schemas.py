"""Wire shapes of the audit log."""

from marshmallow import Schema, fields, validate

from muster.kernel.web.paging import PageQuery


class RecordedSchema(Schema):
    """An entry as it stands in the log."""

    id = fields.UUID(required=True)
    n = fields.Integer(required=True, metadata={"description": "Order of writing"})
    at = fields.AwareDateTime(required=True)
    seq = fields.Integer(allow_none=True, metadata={"description": "Place in the sealed tree"})
    sealed = fields.Boolean(required=True)
    document = fields.Dict(required=True, metadata={"description": "The entry's own JSON"})


class EntryQuery(PageQuery):
    """Filters of the list."""

    action = fields.String(validate=validate.Length(1, 100))
    outcome = fields.String(validate=validate.OneOf(["permitted", "denied", "failed", "done"]))
    actor_id = fields.UUID()
    device_id = fields.UUID()
    resource_type = fields.String(validate=validate.Length(1, 64))
    resource_id = fields.String(validate=validate.Length(1, 200))
    case_ref = fields.String(validate=validate.Length(1, 100))
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()


class SubjectSearchSchema(Schema):
    """Whom somebody may have looked up, and why the auditor asks."""

    kind = fields.String(required=True, validate=validate.Length(1, 20))
    value = fields.String(required=True, validate=validate.Length(1, 200))
    reason = fields.String(required=True, validate=validate.Length(5, 500))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))


class ProofSchema(Schema):
    """An inclusion proof (RFC 6962 §2.1.1); `note` is the signed checkpoint it leads to."""

    entry = fields.String(required=True, metadata={"description": "The entry, base64"})
    seq = fields.Integer(required=True)
    size = fields.Integer(required=True)
    path = fields.List(fields.String(), required=True, metadata={"description": "Hashes, hex"})
    note = fields.String(required=True)
    algorithm = fields.String(required=True)
    verifier_keys = fields.List(fields.String(), required=True)


class VerdictSchema(Schema):
    """What walking the whole log found."""

    sound = fields.Boolean(required=True)
    size = fields.Integer(required=True)
    checkpoints = fields.Integer(required=True)
    first_bad = fields.Integer(allow_none=True)
    sentence = fields.String(required=True)
