"""Wire shapes of the audit log."""

from marshmallow import Schema, fields, validate

from muster.kernel.audit.operations import OPERATIONS
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
    operation = fields.String(validate=validate.OneOf(OPERATIONS))
    recipient = fields.String(validate=validate.Length(1, 200))
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


class ExportSchema(Schema):
    """Which entries to hand out, why, and to whom (LED Article 25)."""

    action = fields.String(validate=validate.Length(1, 100))
    outcome = fields.String(validate=validate.OneOf(["permitted", "denied", "failed", "done"]))
    actor_id = fields.UUID()
    operation = fields.String(validate=validate.OneOf(OPERATIONS))
    case_ref = fields.String(validate=validate.Length(1, 100))
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()
    after = fields.String(load_default=None, validate=validate.Length(max=500))
    reason = fields.String(required=True, validate=validate.Length(5, 500))
    recipient = fields.String(required=True, validate=validate.Length(2, 200))


class ConsistencyQuery(Schema):
    """How long the log was when the caller kept a checkpoint."""

    old = fields.Integer(required=True, validate=validate.Range(1, 2**53))


class ConsistencySchema(Schema):
    """A consistency proof (RFC 6962 §2.1.2) from `old` to the checkpoint in `note`."""

    old = fields.Integer(required=True)
    size = fields.Integer(required=True)
    path = fields.List(fields.String(), required=True, metadata={"description": "Hashes, hex"})
    note = fields.String(required=True)
    algorithm = fields.String(required=True)


class CheckpointSchema(Schema):
    """The newest checkpoint that witnesses cosigned, or the newest; who stands behind it."""

    note = fields.String(required=True)
    verifier_keys = fields.List(fields.String(), required=True)
    witness_keys = fields.List(fields.String(), required=True)


class OwnEntrySchema(Schema):
    """One act of one's own, as the log has it."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    action = fields.String(required=True)
    outcome = fields.String(required=True)
    operation = fields.String()
    resource_type = fields.String()
    resource_id = fields.String()
    purpose = fields.String()
    case_ref = fields.String()
    reason = fields.String()
    client = fields.String()
    device_id = fields.UUID(allow_none=True)


class HoldSchema(Schema):
    """A legal hold; of a subject only the kind is shown."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    reason = fields.String(required=True)
    placed_by = fields.UUID(required=True)
    placed_at = fields.AwareDateTime(attribute="created_at", required=True)
    lifted_by = fields.UUID(allow_none=True)
    lifted_at = fields.AwareDateTime(allow_none=True)


class HoldRequestSchema(Schema):
    """What to keep: a case number, an officer's number, a subject, or a resource as Type/id."""

    kind = fields.String(
        required=True, validate=validate.OneOf(["case", "officer", "subject", "resource"])
    )
    value = fields.String(required=True, validate=validate.Length(1, 300))
    subject_kind = fields.String(load_default="", validate=validate.Length(max=20))
    reason = fields.String(required=True, validate=validate.Length(5, 1000))


class HoldQuery(PageQuery):
    """Holds in force, or lifted ones."""

    lifted = fields.Boolean(load_default=False)


class HoldLiftSchema(Schema):
    """Why a hold is to be lifted; the second person reads it."""

    reason = fields.String(required=True, validate=validate.Length(5, 1000))


class ReviewSchema(Schema):
    """What an auditor has to look at."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    entry_id = fields.UUID(required=True)
    action = fields.String(required=True)
    case_ref = fields.String()
    count = fields.Integer(required=True)
    happened_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True)
    officer_id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    note = fields.String()
    reviewed_by = fields.UUID(allow_none=True)
    reviewed_at = fields.AwareDateTime(allow_none=True)


class ReviewQuery(PageQuery):
    """Filter of the queue."""

    state = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "explained", "confirmed", "referred"]),
    )


class ReviewDecisionSchema(Schema):
    """What came of it."""

    state = fields.String(
        required=True, validate=validate.OneOf(["explained", "confirmed", "referred"])
    )
    note = fields.String(required=True, validate=validate.Length(5, 1000))
