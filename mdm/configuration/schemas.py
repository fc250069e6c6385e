"""Wire shapes of configuration."""

from marshmallow import Schema, fields, validate

from mdm.configuration.effective import RANK
from mdm.configuration.keys import ConfigurationDocument
from muster.kernel.web import PageQuery

_KINDS = validate.OneOf(list(RANK))


class DraftSchema(Schema):
    """A new draft of one layer; the organisation's has no `scope_id`."""

    scope_kind = fields.String(required=True, validate=_KINDS)
    scope_id = fields.UUID(load_default=None, allow_none=True)
    document = fields.Nested(ConfigurationDocument, required=True)


class RevisionSchema(Schema):
    """The new document of a draft."""

    document = fields.Nested(ConfigurationDocument, required=True)


class ConfigurationSchema(Schema):
    """One revision of one layer."""

    id = fields.UUID(required=True)
    scope_kind = fields.String(required=True)
    scope_id = fields.UUID(required=True)
    revision = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"description": "draft, published or superseded"})
    document = fields.Dict(required=True)
    created_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    published_by = fields.UUID(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)


class ConfigurationQuery(PageQuery):
    """Filters of the list."""

    scope_kind = fields.String(load_default=None, validate=_KINDS)
    scope_id = fields.UUID(load_default=None)


class SightSchema(Schema):
    """What a terminal is to be, which layer says so, and what it applied."""

    values = fields.Dict(attribute="effective.values", required=True)
    provenance = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        attribute="effective.provenance",
        required=True,
    )
    desired_hash = fields.String(attribute="terminal.managed.desired_hash", required=True)
    desired_at = fields.AwareDateTime(attribute="terminal.managed.desired_at", allow_none=True)
    applied_hash = fields.String(attribute="terminal.managed.applied_hash", required=True)
    applied_at = fields.AwareDateTime(attribute="terminal.managed.applied_at", allow_none=True)
    lagging = fields.Boolean(required=True)
