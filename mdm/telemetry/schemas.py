"""Wire shapes of history, logs, crashes and quarantine, for console automation."""

from marshmallow import Schema, fields, validate

from mdm.telemetry.orders import LEVELS
from mdm.wire import text
from muster.kernel.web import PageQuery

_NAMES = {number: name for name, number in LEVELS.items()}


class HistorySchema(Schema):
    """One line of a terminal's past."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True, metadata={"description": "day or change"})
    detail = fields.Dict(required=True)


class LogQuerySchema(PageQuery):
    """Filters of the log."""

    level = fields.String(
        load_default=None,
        validate=validate.OneOf(list(LEVELS)),
        metadata={"description": "This level and graver ones"},
    )
    text = text(100, load_default=None, metadata={"description": "Part of text or tag"})
    command_id = fields.UUID(load_default=None, metadata={"description": "What a command brought"})


class LogLineSchema(Schema):
    """One line of a log, without personal data."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True, metadata={"description": "The terminal's clock"})
    received_at = fields.AwareDateTime(required=True)
    level = fields.Function(lambda line: _NAMES[line.level], required=True)
    tag = fields.String(required=True)
    text = fields.String(required=True)
    command_id = fields.UUID(required=True, allow_none=True)


class CrashQuerySchema(PageQuery):
    """Filters of the groups."""

    package = text(200, load_default=None)


class CrashGroupSchema(Schema):
    """Crashes of one version of an app at one place."""

    id = fields.UUID(required=True)
    package = fields.String(required=True)
    version_code = fields.Integer(required=True)
    version = fields.String(required=True)
    fingerprint = fields.String(required=True)
    title = fields.String(required=True)
    count = fields.Integer(required=True)
    first_seen = fields.AwareDateTime(required=True)
    last_seen = fields.AwareDateTime(required=True)


class CrashDetailSchema(CrashGroupSchema):
    """A group with its first report, without personal data."""

    sample = fields.String(required=True)
    terminals = fields.Integer(required=True)


class QuarantineQuerySchema(PageQuery):
    """Filter of the list."""

    device = fields.UUID(load_default=None)


class QuarantinedReportSchema(Schema):
    """A report that could not be read, without its content."""

    id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    path = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes that came"})
    times = fields.Integer(required=True)
    first_at = fields.AwareDateTime(required=True)
    last_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class QuarantinedContentSchema(Schema):
    """The beginning of a report as it came, 64 KB at most."""

    id = fields.UUID(required=True)
    content = fields.String(
        required=True, metadata={"description": "Base64: it may be no text at all"}
    )
