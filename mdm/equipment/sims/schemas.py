"""Wire shapes of SIM cards."""

from marshmallow import Schema, fields, validate

from mdm.equipment.sims.service import STATES
from mdm.wire import text
from muster.kernel.web import PageQuery

_STATE = validate.OneOf(STATES)


class SimSchema(Schema):
    """A card, and the thing it is in."""

    id = fields.UUID(required=True)
    iccid = fields.String(attribute="sim.iccid", required=True)
    number = fields.String(
        attribute="sim.number", required=True, metadata={"description": "E.164, '' for none"}
    )
    operator = fields.String(attribute="sim.operator", required=True)
    state = fields.String(attribute="sim.state", required=True, validate=_STATE)
    unit = fields.String(attribute="unit.code", required=True)
    asset_id = fields.UUID(attribute="asset.id", allow_none=True, dump_default=None)
    serial = fields.String(attribute="asset.serial", allow_none=True, dump_default=None)
    note = fields.String(attribute="sim.note", required=True)


class SimQuerySchema(PageQuery):
    """Filters of the list."""

    unit = text(64, load_default=None, metadata={"description": "Unit code and all below it"})
    state = fields.String(load_default=None, validate=_STATE)
    text = text(32, load_default=None, metadata={"description": "Part of ICCID or number"})


class SimExportQuery(Schema):
    """Filters of an exported file."""

    unit = text(64, load_default=None)
    state = fields.String(load_default=None, validate=_STATE)
    text = text(32, load_default=None)
    after = fields.String(load_default=None, validate=validate.Length(max=500))


class SimChangeSchema(Schema):
    """What may be changed; what is left out stays."""

    number = text(20)
    operator = text(100)
    state = fields.String(validate=_STATE)
    note = text(1000)


class SimRequestSchema(SimChangeSchema):
    """A new card."""

    iccid = text(32, 1, required=True)
    unit = text(64, 1, required=True)


class PlaceSchema(Schema):
    """The thing a card is put into, null to take it out."""

    asset_id = fields.UUID(required=True, allow_none=True)


class SimUseSchema(Schema):
    """What a card was in, from when until when."""

    asset_id = fields.UUID(required=True)
    serial = fields.String(required=True)
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(allow_none=True)


class SimUsesSchema(Schema):
    """Everything a card was in, the latest first."""

    items = fields.List(fields.Nested(SimUseSchema), required=True)
