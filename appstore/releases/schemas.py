"""Wire shapes of releases."""

from marshmallow import Schema, fields, validate

from appstore.releases.states import NEXT
from appstore.wire import reason, text
from muster.kernel.web import PageQuery


class ReleaseSummarySchema(Schema):
    """A release as lists show it; what the file says is empty until it was read."""

    id = fields.UUID(required=True)
    app_id = fields.UUID(required=True, allow_none=True)
    package = fields.String(required=True)
    label = fields.String(required=True)
    version_code = fields.Integer(required=True)
    version_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(sorted(NEXT)))
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    signer = fields.String(required=True, metadata={"description": "SHA-256 of the certificate"})
    submitted_by = fields.UUID(required=True)
    approval_id = fields.UUID(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class CheckSchema(Schema):
    """One vetting rule's verdict."""

    rule = fields.String(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(["pass", "warn", "block"]))
    title = fields.String(required=True)
    evidence = fields.List(fields.String(), required=True)


class PermissionChangeSchema(Schema):
    """One permission against the approved release before."""

    name = fields.String(required=True)
    change = fields.String(required=True, validate=validate.OneOf(["added", "removed", "same"]))
    dangerous = fields.Boolean(required=True)


class ReleaseSchema(Schema):
    """A release with all that its approver must see."""

    release = fields.Nested(ReleaseSummarySchema, required=True)
    notes = fields.String(attribute="release.notes", required=True)
    facts = fields.Dict(
        attribute="release.facts",
        required=True,
        metadata={"description": "What the APK says of itself; empty until it was read"},
    )
    checks = fields.List(fields.Nested(CheckSchema), required=True)
    permissions = fields.List(fields.Nested(PermissionChangeSchema), required=True)


class UploadQuery(Schema):
    """What is said about an upload beside its bytes."""

    notes = text(4000, load_default="", metadata={"description": "Release notes"})


class ReleaseQuery(PageQuery):
    """Filter of the list."""

    state = fields.String(load_default=None, validate=validate.OneOf(sorted(NEXT)))
    package = text(223, load_default=None)


class ReasonSchema(Schema):
    """Why somebody does it; it goes into the log."""

    reason = reason()


class AskedSchema(Schema):
    """The request that waits for a second person."""

    approval_id = fields.UUID(attribute="id", required=True)
    expires_at = fields.AwareDateTime(required=True)
