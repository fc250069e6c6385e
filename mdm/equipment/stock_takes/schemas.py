"""Wire shapes of stock-takes."""

from marshmallow import Schema, fields, validate

from mdm.equipment.stock_takes.reckoning import RESULTS
from mdm.wire import reason, text
from muster.kernel.web import PageQuery


class StockTakeRequestSchema(Schema):
    """The unit that is counted, with all below it."""

    unit = text(64, 1, required=True)
    note = text(200, load_default="")


class StockTakeSchema(Schema):
    """A stock-take; the counts are those of the result once it is closed."""

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "closed"]))
    note = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(allow_none=True)


class StockTakeDetailSchema(StockTakeSchema):
    """A stock-take and how far it is."""

    expected = fields.Integer(required=True)
    present = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    unexpected = fields.Integer(required=True)
    strangers = fields.Integer(
        attribute="unknown", data_key="unknown", required=True
    )  # a schema has an `unknown` of its own


class ScanSchema(Schema):
    """Serial numbers, as the scanner reads them."""

    serials = fields.List(text(64, 1), required=True, validate=validate.Length(1, 500))


class StockLineSchema(Schema):
    """How one serial number counts."""

    id = fields.UUID(required=True)
    serial = fields.String(required=True)
    asset_id = fields.UUID(allow_none=True)
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))
    why = fields.String(
        required=True,
        metadata={"description": "other_unit, not_in_book, or a stage such as lost"},
    )
    scanned_at = fields.AwareDateTime(allow_none=True)
    reported_at = fields.AwareDateTime(allow_none=True)


class ScannedSchema(Schema):
    """What the scanned numbers are, each once."""

    items = fields.List(fields.Nested(StockLineSchema), required=True)


class LineQuerySchema(PageQuery):
    """One result only, or all lines."""

    result = fields.String(load_default=None, validate=validate.OneOf(RESULTS))


class MissingSchema(Schema):
    """A thing that nobody scanned yet."""

    id = fields.UUID(required=True)
    serial = fields.String(required=True)
    model = fields.String(required=True)
    stage = fields.String(required=True)


class ReportMissingSchema(Schema):
    """The thing that is gone, and why it is thought so."""

    asset_id = fields.UUID(required=True)
    reason = reason()
