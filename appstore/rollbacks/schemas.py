"""Wire shapes of ways back."""

from marshmallow import Schema, fields, validate

from appstore.wire import reason
from muster.kernel.web import PageQuery

_STATES = ("asked", "running", "done", "refused", "cancelled", "expired")
_TURNS = ("waiting", "waiting_outbox", "done", "failed", "cancelled")


class ReissueAskSchema(Schema):
    """Whose code is to come again; `urgent` lets the answer use the fast track."""

    to = fields.UUID(required=True, metadata={"description": "The good release, an older one"})
    urgent = fields.Boolean(load_default=True)
    reason = reason()


class ReissueSchema(Schema):
    """A request to publishers; an upload answers it by naming its id as `reissues`."""

    id = fields.UUID(required=True)
    release_id = fields.UUID(required=True)
    to_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    urgent = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "answered", "withdrawn"]))
    requested_by = fields.UUID(required=True)
    answer_id = fields.UUID(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class ReinstallAskSchema(Schema):
    """Which terminals go back, from which release to which: what the app kept there is lost."""

    release = fields.UUID(required=True, metadata={"description": "The bad release"})
    to = fields.UUID(required=True, metadata={"description": "An older release of the same app"})
    group = fields.UUID(required=True)
    reason = reason()


class ReinstallSchema(Schema):
    """An order to go back and how far its terminals are."""

    id = fields.UUID(attribute="order.id", required=True)
    release_id = fields.UUID(attribute="order.release_id", required=True)
    to_id = fields.UUID(attribute="order.to_id", required=True)
    group_id = fields.UUID(attribute="order.group_id", required=True)
    package = fields.String(attribute="bad.package", required=True)
    from_version_code = fields.Integer(attribute="bad.version_code", required=True)
    to_version_code = fields.Integer(attribute="good.version_code", required=True)
    group = fields.String(attribute="group.name", required=True)
    reason = fields.String(attribute="order.reason", required=True)
    data_loss = fields.Constant(True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    turns = fields.Dict(
        keys=fields.String(validate=validate.OneOf(_TURNS)),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many terminals are in which state"},
    )
    requested_by = fields.UUID(attribute="order.requested_by", required=True)
    approved_by = fields.UUID(attribute="order.approved_by", required=True, allow_none=True)
    approval_id = fields.UUID(attribute="order.approval_id", required=True, allow_none=True)
    created_at = fields.AwareDateTime(attribute="order.created_at", required=True)


class ReinstallTurnSchema(Schema):
    """One terminal's turn."""

    device_id = fields.UUID(attribute="turn.device_id", required=True)
    label = fields.String(required=True)
    state = fields.String(attribute="turn.state", required=True, validate=validate.OneOf(_TURNS))
    detail = fields.String(attribute="turn.detail", required=True)
    unsent = fields.Integer(
        attribute="turn.unsent",
        required=True,
        allow_none=True,
        metadata={"description": "Work that the terminal must send before it goes back"},
    )
    at = fields.AwareDateTime(attribute="turn.at", required=True)


class ReinstallQuery(PageQuery):
    """Filter of the list."""

    release = fields.UUID(load_default=None, metadata={"description": "The bad release"})
