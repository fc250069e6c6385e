"""Wire shapes of terminals."""

from marshmallow import Schema, fields, validate

from mdm.wire import reason, text
from muster.kernel.web import PageQuery


class TerminalSchema(Schema):
    """A terminal in a list."""

    id = fields.UUID(required=True)
    label = fields.String(attribute="principal.label", required=True)
    state = fields.String(
        attribute="principal.state",
        required=True,
        metadata={"description": "enrolled, lost, wiped or retired"},
    )
    tier = fields.Integer(attribute="principal.tier", required=True)
    compliant = fields.Boolean(required=True)
    reasons = fields.List(fields.String(), attribute="principal.posture_reasons", required=True)
    posture_at = fields.AwareDateTime(attribute="principal.posture_at", allow_none=True)
    unit = fields.String(attribute="unit.code", required=True)
    holder = fields.String(attribute="holder.number", allow_none=True)
    serial = fields.String(attribute="managed.serial", required=True)
    model = fields.String(attribute="managed.model", required=True)
    os = fields.String(attribute="managed.os", required=True)
    os_version = fields.String(attribute="managed.os_version", required=True)
    agent_version = fields.String(attribute="managed.agent_version", required=True)
    device_class = fields.String(attribute="managed.device_class", required=True)
    agent = fields.String(attribute="managed.agent", required=True)
    ring = fields.String(attribute="managed.ring", required=True)
    last_seen = fields.AwareDateTime(attribute="managed.last_seen", allow_none=True)
    battery = fields.Integer(attribute="managed.battery", allow_none=True)
    lagging = fields.Boolean(
        attribute="managed.lagging",
        required=True,
        metadata={"description": "The desired state is not yet echoed"},
    )


class TerminalDetailSchema(TerminalSchema):
    """All that is known of a terminal."""

    imei = fields.String(attribute="managed.imei", required=True)
    patch_level = fields.Date(attribute="managed.patch_level", allow_none=True)
    facts = fields.Dict(attribute="managed.facts", required=True)
    inventory = fields.Dict(attribute="managed.inventory", required=True)
    apps = fields.List(fields.Dict(), attribute="managed.apps", required=True)
    software = fields.Dict(
        attribute="managed.software",
        required=True,
        metadata={"description": "By package: version_code and version"},
    )
    sims = fields.List(fields.Dict(), attribute="managed.sims", required=True)
    location = fields.Dict(
        attribute="managed.location",
        required=True,
        metadata={"description": "Last fix, only while one was ordered"},
    )
    desired_hash = fields.String(attribute="managed.desired_hash", required=True)
    desired_at = fields.AwareDateTime(attribute="managed.desired_at", allow_none=True)
    applied_hash = fields.String(attribute="managed.applied_hash", required=True)
    applied_at = fields.AwareDateTime(attribute="managed.applied_at", allow_none=True)
    state_reason = fields.String(attribute="managed.state_reason", required=True)
    state_at = fields.AwareDateTime(attribute="managed.state_at", allow_none=True)
    enrolled_at = fields.AwareDateTime(attribute="principal.created_at", required=True)
    parent_id = fields.UUID(
        attribute="principal.parent_id",
        allow_none=True,
        metadata={"description": "Of a wearable: the terminal that it belongs to"},
    )


class FoundSchema(Schema):
    """How a terminal stands that was reported found."""

    id = fields.UUID(attribute="terminal.id", required=True)
    label = fields.String(attribute="terminal.principal.label", required=True)
    state = fields.String(attribute="terminal.principal.state", required=True)
    tier = fields.Integer(attribute="terminal.principal.tier", required=True)
    wipe = fields.String(
        required=True,
        metadata={"description": "none, cancelled, or under_way: too late, it stays lost"},
    )


class FleetQuerySchema(PageQuery):
    """Filters of the list."""

    unit = text(64, load_default=None, metadata={"description": "Unit code and all below it"})
    state = fields.String(
        load_default=None, validate=validate.OneOf(["enrolled", "lost", "wiped", "retired"])
    )
    compliant = fields.Boolean(load_default=None)
    device_class = text(32, load_default=None)
    agent = text(16, load_default=None, metadata={"description": "native or headwind"})
    group = text(100, load_default=None, metadata={"description": "Name of a group"})
    ring = text(32, load_default=None)
    model = text(100, load_default=None)
    os = text(32, load_default=None)
    lagging = fields.Boolean(
        load_default=None, metadata={"description": "The desired state is not yet echoed"}
    )
    silent_since = fields.AwareDateTime(
        load_default=None, metadata={"description": "Last report before this moment"}
    )
    text = text(
        64, load_default=None, metadata={"description": "Beginning of label, serial or IMEI"}
    )


class AssignmentSchema(Schema):
    """Who holds the terminal: an officer's number, or null for nobody."""

    holder = text(32, 1, required=True, allow_none=True)


class ReasonedSchema(Schema):
    """Why; the timeline will show it."""

    reason = reason()


class MomentSchema(Schema):
    """One line of a terminal's history."""

    kind = fields.String(required=True, metadata={"description": "entry (audit log) or command"})
    at = fields.AwareDateTime(required=True)
    what = fields.String(required=True)
    who = fields.String(required=True)
    why = fields.String(required=True)
    outcome = fields.String(required=True)
    detail = fields.Dict(required=True)


class HeldSchema(Schema):
    """A terminal that the officer holds."""

    id = fields.UUID(required=True)
    label = fields.String(attribute="principal.label", required=True)
    state = fields.String(attribute="principal.state", required=True)
    model = fields.String(attribute="managed.model", required=True)
    last_seen = fields.AwareDateTime(attribute="managed.last_seen", allow_none=True)


class HeldListSchema(Schema):
    """Every terminal that the officer holds."""

    items = fields.List(fields.Nested(HeldSchema), required=True)


class LostSchema(Schema):
    """What became of the report."""

    id = fields.UUID(required=True)
    label = fields.String(attribute="principal.label", required=True)
    state = fields.String(attribute="principal.state", required=True)
