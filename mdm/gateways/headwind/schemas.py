"""Wire shapes of console automation for this gateway; the agent's own shapes are in `report.py`."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from mdm.gateways.headwind.takeover import Fleet
from mdm.wire import reason, text


class HeadwindStandingSchema(Schema):
    """How a terminal stands with the Headwind gateway."""

    number = fields.String(required=True, metadata={"description": "What the agent calls itself"})
    build = fields.String(
        required=True, metadata={"description": "Whose secret signs: house, fleet or unknown"}
    )
    moved_in_at = fields.AwareDateTime(required=True, allow_none=True)
    path_since = fields.AwareDateTime(required=True)
    moving = fields.Boolean(required=True)
    fetched_at = fields.AwareDateTime(required=True, allow_none=True)
    not_applied = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Keys of its configuration that this agent cannot follow"},
    )
    not_taken = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Commands that this agent cannot carry out"},
    )


class PathMoveSchema(Schema):
    """Why a terminal is to move to a new path."""

    reason = reason()


class FleetSchema(Schema):
    """A running Headwind fleet that is to come in without a factory reset."""

    unit = text(64, 1, required=True, metadata={"description": "Unit code"})
    csv = text(
        200_000,
        1,
        required=True,
        metadata={"description": "First line: number,serial,imei,model; only number is needed"},
    )
    lasts_days = fields.Integer(load_default=7, strict=True, validate=validate.Range(1, 30))
    device_class = fields.String(
        load_default="handheld", validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$")
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Fleet:
        """Return the use case's own type."""
        lasts = timedelta(days=data.pop("lasts_days"))
        return Fleet(lasts=lasts, **data)


class ExpectedSchema(Schema):
    """A number that may come in by its fleet's signature; `device_id` once it has."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    serial = fields.String(required=True)
    imei = fields.String(required=True)
    model = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    device_id = fields.UUID(required=True, allow_none=True)


class ImportedSchema(Schema):
    """What an import did."""

    numbers = fields.Integer(required=True)
    expires_at = fields.AwareDateTime(required=True)
