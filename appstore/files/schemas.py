"""Wire shapes of the download centre."""

from marshmallow import Schema, fields, validate

from appstore.files.aiming import AUDIENCES
from appstore.files.models import SLUG
from appstore.wire import reason, text
from muster.kernel.identity import ROLES
from muster.kernel.web import PageQuery

KINDS = ("document", "map", "certificate", "form", "tool", "other")
STATES = ("scanning", "waiting", "current", "superseded", "expired", "withdrawn", "rejected")
_WHO = validate.OneOf(AUDIENCES)
_KIND = validate.OneOf(KINDS)


class _Aimed(Schema):
    audience = fields.String(validate=_WHO)
    audience_unit = text(64, metadata={"description": "Code of the unit, for `unit`"})
    audience_group = fields.UUID(metadata={"description": "Group of terminals, for `group`"})
    audience_role = fields.String(validate=validate.OneOf(sorted(ROLES)))


class StoreFileChangeSchema(_Aimed):
    """What may be changed about a file; an audience is sent whole."""

    title = text(200, 1)
    title_zh = text(200)
    description = text(2000)
    kind = fields.String(validate=_KIND)


class StoreFileMakeSchema(StoreFileChangeSchema):
    """A new file; its versions follow."""

    slug = fields.String(
        required=True,
        validate=[validate.Length(1, 64), validate.Regexp(SLUG)],
        metadata={"description": "Its short name for ever: small letters, digits, hyphens"},
    )
    title = text(200, 1, required=True)
    unit = text(64, 1, required=True, metadata={"description": "Code of the publishers' unit"})
    kind = fields.String(load_default="document", validate=_KIND)
    audience = fields.String(load_default="everyone", validate=_WHO)


class StoreFileSchema(Schema):
    """A file, whatever its version."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    title_zh = fields.String(required=True)
    description = fields.String(required=True)
    kind = fields.String(required=True, validate=_KIND)
    state = fields.String(required=True, validate=validate.OneOf(["open", "withdrawn"]))
    unit_id = fields.UUID(required=True, metadata={"description": "The publishers' unit"})
    audience = fields.String(required=True, validate=_WHO)
    audience_unit_id = fields.UUID(required=True, allow_none=True)
    audience_group_id = fields.UUID(required=True, allow_none=True)
    audience_role = fields.String(required=True)


class FileVersionSchema(Schema):
    """One version of a file; what its bytes say is empty until they were looked at."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    media_type = fields.String(required=True)
    original_name = fields.String(required=True)
    notes = fields.String(required=True)
    refused = fields.String(required=True, metadata={"description": "Problem code, if rejected"})
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    submitted_by = fields.UUID(required=True)
    approval_id = fields.UUID(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class ListedFileSchema(Schema):
    """A file with the version that is on the shelf."""

    file = fields.Nested(StoreFileSchema, required=True)
    current = fields.Nested(FileVersionSchema, required=True, allow_none=True)


class FetchedSchema(Schema):
    """Who began to fetch a version."""

    terminals = fields.Integer(required=True)
    officers = fields.Integer(required=True, metadata={"description": "At the console"})
    times = fields.Integer(required=True)
    last_at = fields.AwareDateTime(required=True, allow_none=True)


class DescribedFileSchema(Schema):
    """A file with its versions, newest first, and by version id who fetched it."""

    file = fields.Nested(StoreFileSchema, required=True)
    versions = fields.List(fields.Nested(FileVersionSchema), required=True)
    fetched = fields.Dict(keys=fields.UUID(), values=fields.Nested(FetchedSchema), required=True)


class FileQuery(PageQuery):
    """Filter of the list."""

    kind = fields.String(load_default=None, validate=_KIND)


class FileUploadQuery(Schema):
    """What is said about an upload beside its bytes."""

    name = text(200, 1, required=True, metadata={"description": "File name with its extension"})
    notes = text(4000, load_default="")
    expires_at = fields.AwareDateTime(load_default=None)


class FileReasonSchema(Schema):
    """Why somebody does it; it goes into the log."""

    reason = reason()


class AssignedGroupSchema(Schema):
    """A group whose terminals must have the file."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ShelfItemSchema(Schema):
    """A file that whoever asks may fetch."""

    slug = fields.String(attribute="file.slug", required=True)
    title = fields.String(attribute="file.title", required=True)
    title_zh = fields.String(attribute="file.title_zh", required=True)
    description = fields.String(attribute="file.description", required=True)
    kind = fields.String(attribute="file.kind", required=True, validate=_KIND)
    version = fields.Integer(attribute="version.number", required=True)
    name = fields.String(attribute="version.original_name", required=True)
    notes = fields.String(attribute="version.notes", required=True)
    media_type = fields.String(attribute="version.media_type", required=True)
    sha256 = fields.String(attribute="version.sha256", required=True)
    size = fields.Integer(attribute="version.size", required=True)
    expires_at = fields.AwareDateTime(attribute="version.expires_at", allow_none=True)
    required = fields.Boolean(
        required=True, metadata={"description": "Whether this terminal must have it"}
    )
    url = fields.String(required=True, metadata={"description": "Path of this server"})
