"""Wire shapes of equipment, hand-overs and the reports of imports."""

from marshmallow import Schema, fields, validate

from mdm.devices.classes import CLASSES
from mdm.equipment.service import BY_HAND
from mdm.equipment.stages import STAGES
from mdm.wire import reason, text
from muster.kernel.web import PageQuery

_CLASS = validate.OneOf(CLASSES)
_STAGE = validate.OneOf(STAGES)


class AssetSchema(Schema):
    """A piece of equipment and who answers for it."""

    id = fields.UUID(required=True)
    serial = fields.String(attribute="asset.serial", required=True)
    imei = fields.String(attribute="asset.imei", required=True)
    model = fields.String(attribute="asset.model", required=True)
    vendor = fields.String(attribute="asset.vendor", required=True)
    device_class = fields.String(attribute="asset.device_class", required=True, validate=_CLASS)
    unit = fields.String(attribute="unit.code", required=True)
    stage = fields.String(attribute="asset.stage", required=True, validate=_STAGE)
    stage_at = fields.AwareDateTime(attribute="asset.stage_at", required=True)
    holder = fields.String(attribute="holder.number", allow_none=True, dump_default=None)
    pool = fields.String(attribute="pool.code", allow_none=True, dump_default=None)
    since = fields.AwareDateTime(attribute="custody.since", allow_none=True, dump_default=None)
    purchased_on = fields.Date(attribute="asset.purchased_on", allow_none=True)
    warranty_until = fields.Date(attribute="asset.warranty_until", allow_none=True)
    note = fields.String(attribute="asset.note", required=True)


class AssetQuerySchema(PageQuery):
    """Filters of the list."""

    unit = text(64, load_default=None, metadata={"description": "Unit code and all below it"})
    stage = fields.String(load_default=None, validate=_STAGE)
    device_class = fields.String(load_default=None, validate=_CLASS)
    holder = text(32, load_default=None, metadata={"description": "An officer's number"})
    text = text(64, load_default=None, metadata={"description": "Part of serial, IMEI or model"})


class AssetExportQuery(Schema):
    """Filters of an exported file; `after` is what the file before it said in `Muster-Next`."""

    unit = text(64, load_default=None)
    stage = fields.String(load_default=None, validate=_STAGE)
    device_class = fields.String(load_default=None, validate=_CLASS)
    holder = text(32, load_default=None)
    text = text(64, load_default=None)
    after = fields.String(load_default=None, validate=validate.Length(max=500))


class AssetChangeSchema(Schema):
    """What may be changed; what is left out stays."""

    unit = text(64, 1)
    imei = text(20)
    model = text(100)
    vendor = text(100)
    device_class = fields.String(validate=_CLASS)
    purchased_on = fields.Date(allow_none=True)
    warranty_until = fields.Date(allow_none=True)
    note = text(1000)


class AssetRequestSchema(AssetChangeSchema):
    """A new thing; it is in stock unless it is still on order."""

    serial = text(64, 1, required=True)
    unit = text(64, 1, required=True)
    stage = fields.String(
        load_default="in_stock", validate=validate.OneOf(["procured", "in_stock"])
    )


class MoveSchema(Schema):
    """One act on a thing, why, and the condition it is in."""

    act = fields.String(required=True, validate=validate.OneOf(BY_HAND))
    reason = reason()
    condition = text(500, load_default="")


class TakeBackSchema(Schema):
    """A thing that comes back: its condition, and a reason if there is one to give."""

    condition = text(500, 1, required=True)
    reason = text(1000, load_default="")


class OfferSchema(Schema):
    """To whom a thing is handed over; with `pool` the officer signs for that unit."""

    officer = text(32, 1, required=True)
    pool = text(64, load_default="", metadata={"description": "A unit's code, '' for none"})
    condition = text(500, load_default="")


class HandOverSchema(Schema):
    """A hand-over: exactly what is signed, its hash, and who signed it how."""

    id = fields.UUID(required=True)
    asset_id = fields.UUID(required=True)
    content = fields.Dict(required=True)
    content_hash = fields.String(
        required=True, metadata={"description": "sha256: of the canonical JSON (RFC 8785)"}
    )
    state = fields.String(
        required=True, metadata={"description": "offered, signed, withdrawn or expired"}
    )
    expires_at = fields.AwareDateTime(required=True)
    signed_at = fields.AwareDateTime(allow_none=True)
    signed_how = fields.String(
        required=True, metadata={"description": "terminal, counter or '' while nobody signed"}
    )
    session_id = fields.UUID(allow_none=True)
    jkt = fields.String(
        required=True, metadata={"description": "Thumbprint of the key that signed on a terminal"}
    )


class OwnHandOverSchema(Schema):
    """What an officer is asked to sign."""

    id = fields.UUID(required=True)
    content = fields.Dict(required=True)
    content_hash = fields.String(required=True)
    state = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    signed_at = fields.AwareDateTime(allow_none=True)


class OwnHandOversSchema(Schema):
    """Everything that waits for the officer's signature."""

    items = fields.List(fields.Nested(OwnHandOverSchema), required=True)


class SignatureSchema(Schema):
    """The hash of what the officer read."""

    content_hash = text(80, 1, required=True)


class CounterSignatureSchema(Schema):
    """What the officer types at the counter."""

    number = text(32, 1, required=True)
    pin = text(64, 1, required=True, load_only=True)


class CustodySchema(Schema):
    """Who had a thing from when until when, and how they came by it."""

    officer = fields.String(allow_none=True)
    pool = fields.String(allow_none=True)
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(allow_none=True)
    how = fields.String(
        required=True, metadata={"description": "terminal or counter (signed), or assigned"}
    )
    condition_out = fields.String(required=True)
    condition_in = fields.String(required=True)
    hand_over_id = fields.UUID(allow_none=True)


class CustodyListSchema(Schema):
    """Everybody who had a thing, the latest first."""

    items = fields.List(fields.Nested(CustodySchema), required=True)


class FlawSchema(Schema):
    """What is wrong with one cell of a file; the heading is line 1."""

    line = fields.Integer(required=True)
    column = fields.String(required=True)
    reason = fields.String(required=True)


class TakenSchema(Schema):
    """What an import did, or would do."""

    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    dry_run = fields.Boolean(required=True)
    faults = fields.List(fields.Nested(FlawSchema), attribute="shown", required=True)


class FileQuery(Schema):
    """Whether to write anything."""

    dry_run = fields.Boolean(load_default=False)
