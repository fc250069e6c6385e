"""Wire shapes of configuration."""

from marshmallow import Schema, fields, validate

from mdm.configuration.effective import RANK
from mdm.configuration.keys import ConfigurationDocument
from mdm.wire import reason, text
from muster.kernel.web import PageQuery

_KINDS = validate.OneOf(list(RANK))
_STATES = validate.OneOf(["draft", "published", "superseded"])


class DraftSchema(Schema):
    """A new draft of one layer. The organisation's has no scope; a class or role has a name."""

    scope_kind = fields.String(required=True, validate=_KINDS)
    scope_id = fields.UUID(load_default=None, allow_none=True)
    scope_name = text(32, load_default=None, allow_none=True)
    document = fields.Nested(ConfigurationDocument, required=True)


class RevisionSchema(Schema):
    """The new document of a draft."""

    document = fields.Nested(ConfigurationDocument, required=True)


class PublishSchema(Schema):
    """Why; a second person will read it where many terminals are concerned."""

    reason = text(1000, load_default="")


class RollBackSchema(Schema):
    """Why what is in force must go."""

    reason = reason()


class ConfigurationSchema(Schema):
    """One revision of one layer."""

    id = fields.UUID(attribute="row.id", required=True)
    scope_kind = fields.String(attribute="row.scope_kind", required=True)
    scope_id = fields.UUID(attribute="row.scope_id", required=True)
    scope_name = fields.String(required=True, allow_none=True)
    title = fields.String(
        required=True, metadata={"description": "Name of the unit, group, terminal, class or role"}
    )
    revision = fields.Integer(attribute="row.revision", required=True)
    base = fields.Integer(
        attribute="row.base",
        required=True,
        metadata={"description": "Revision in force when the draft was last saved; 0 for none"},
    )
    restores = fields.Integer(
        attribute="row.restores",
        required=True,
        allow_none=True,
        metadata={"description": "Revision that a roll-back repeats; 0 for the empty layer"},
    )
    state = fields.String(
        attribute="row.state",
        required=True,
        metadata={"description": "draft, published or superseded"},
    )
    document = fields.Dict(
        required=True,
        metadata={"description": "Secrets are masked for those who may not write the layer"},
    )
    created_by = fields.UUID(attribute="row.created_by", required=True)
    created_at = fields.AwareDateTime(attribute="row.created_at", required=True)
    published_by = fields.UUID(attribute="row.published_by", allow_none=True)
    published_at = fields.AwareDateTime(attribute="row.published_at", allow_none=True)
    approved_by = fields.UUID(attribute="row.approved_by", allow_none=True)
    reason = fields.String(attribute="row.reason")


class PublicationAskedSchema(Schema):
    """A publication that a second person must agree to before anything happens."""

    approval_id = fields.UUID(attribute="id", required=True)
    state = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class ConfigurationQuery(PageQuery):
    """Filters of the list."""

    scope_kind = fields.String(load_default=None, validate=_KINDS)
    scope_id = fields.UUID(load_default=None)
    state = fields.String(load_default=None, validate=_STATES)


class ConfigurationChangeSchema(Schema):
    """One key that differs; secrets are masked on both sides."""

    key = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "added, removed or changed"})
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ConfigurationDifferenceSchema(Schema):
    """What a revision changes against the one in force of its layer."""

    items = fields.List(fields.Nested(ConfigurationChangeSchema), required=True)


class ConfigurationFailingSchema(Schema):
    """A terminal that would become non-compliant."""

    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    reasons = fields.List(fields.String(), required=True)


class ConfigurationImpactSchema(Schema):
    """What publishing a draft would do; nothing is written to find out."""

    concerned = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    failing = fields.Integer(
        required=True, metadata={"description": "Terminals that become non-compliant"}
    )
    complete = fields.Boolean(
        required=True, metadata={"description": "False if there were too many to look at"}
    )
    keys = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "For how many terminals each key changes"},
    )
    examples = fields.List(fields.Nested(ConfigurationFailingSchema), required=True)


class ConfigurationLagSchema(Schema):
    """How far terminals follow a layer: they follow once they echo what they are to be."""

    concerned = fields.Integer(required=True)
    applied = fields.Integer(required=True)
    lagging = fields.Integer(required=True)


class ConfigurationLaggardSchema(Schema):
    """A terminal that has not echoed what it is to be."""

    id = fields.UUID(required=True)
    label = fields.String(attribute="principal.label", required=True)
    unit = fields.String(attribute="unit.code", required=True)
    desired_at = fields.AwareDateTime(attribute="managed.desired_at", allow_none=True)
    applied_at = fields.AwareDateTime(attribute="managed.applied_at", allow_none=True)
    last_seen = fields.AwareDateTime(attribute="managed.last_seen", allow_none=True)


class ConfigurationSpokenSchema(Schema):
    """One layer that speaks to a terminal, lowest first."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    configuration_id = fields.UUID(required=True)


class SightSchema(Schema):
    """What a terminal is to be, which layer says so, and what it applied."""

    values = fields.Dict(attribute="effective.values", required=True)
    provenance = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        attribute="effective.provenance",
        required=True,
    )
    layers = fields.List(fields.Nested(ConfigurationSpokenSchema), required=True)
    desired_hash = fields.String(attribute="terminal.managed.desired_hash", required=True)
    desired_at = fields.AwareDateTime(attribute="terminal.managed.desired_at", allow_none=True)
    applied_hash = fields.String(attribute="terminal.managed.applied_hash", required=True)
    applied_at = fields.AwareDateTime(attribute="terminal.managed.applied_at", allow_none=True)
    lagging = fields.Boolean(required=True)
