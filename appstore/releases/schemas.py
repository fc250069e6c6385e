"""Wire shapes of releases."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from appstore.releases.states import NEXT
from appstore.wire import reason, text
from muster.kernel.web import PageQuery

_FEW_WORDS: Final = 5


class ReleaseSummarySchema(Schema):
    """A release as lists show it; what the file says is empty until it was read."""

    id = fields.UUID(required=True)
    app_id = fields.UUID(required=True, allow_none=True)
    package = fields.String(required=True)
    label = fields.String(required=True)
    version_code = fields.Integer(required=True)
    version_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(sorted(NEXT)))
    urgent = fields.Boolean(required=True, metadata={"description": "A security release"})
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


class ConsentSchema(Schema):
    """One approver who agreed."""

    officer_id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    note = fields.String(required=True)


class ProgressSchema(Schema):
    """What a release waits for and since when; `given` of `needed` approvers have agreed."""

    waits_for = fields.String(
        required=True,
        validate=validate.OneOf(["", "scanner", "approver", "submitter", "review", "rollout"]),
        metadata={
            "description": "`submitter`: submit it again; `review`: urgent, to be looked at after"
        },
    )
    since = fields.AwareDateTime(required=True, allow_none=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    needed = fields.Integer(required=True)
    given = fields.List(fields.Nested(ConsentSchema), required=True)
    verdict = fields.String(
        attribute="review.verdict",
        dump_default="",
        metadata={"description": "What the review of an urgent release said"},
    )


class ReleaseSchema(Schema):
    """A release with all that its approver must see."""

    release = fields.Nested(ReleaseSummarySchema, required=True)
    progress = fields.Nested(ProgressSchema, required=True)
    notes = fields.String(attribute="release.notes", required=True)
    urgent_reason = fields.String(attribute="release.urgent_reason", required=True)
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
    reissues = fields.UUID(
        load_default=None,
        metadata={"description": "The request to bring older code again that this answers"},
    )
    package = text(
        223,
        load_default="",
        metadata={"description": "Its package, to be refused before the bytes are sent"},
    )
    urgent = fields.Boolean(
        load_default=False,
        metadata={"description": "A security release: one approver, reviewed within 24 hours"},
    )
    reason = text(1000, load_default="", metadata={"description": "Why it is urgent"})

    @validates_schema
    def _urgency_has_a_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data["urgent"] and len(data["reason"].strip()) < _FEW_WORDS:
            raise ValidationError("Say in a few words why it is urgent.", "reason")


class ReleaseQuery(PageQuery):
    """Filter of the list."""

    state = fields.String(load_default=None, validate=validate.OneOf(sorted(NEXT)))
    package = text(223, load_default=None)


class ReasonSchema(Schema):
    """Why somebody does it; it goes into the log."""

    reason = reason()


class SubmitSchema(Schema):
    """Why it is asked for again; as urgent it needs one approver and is reviewed afterwards."""

    reason = reason()
    urgent = fields.Boolean(load_default=False)


class ConsentGivenSchema(Schema):
    """What an approver wants to say with it."""

    note = text(1000, load_default="")


class AskedSchema(Schema):
    """The request that waits for a second person."""

    approval_id = fields.UUID(attribute="id", required=True)
    expires_at = fields.AwareDateTime(required=True)
