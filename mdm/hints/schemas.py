"""Wire shapes of telling terminals."""

from marshmallow import Schema, fields, validate

from mdm.wire import text


class PollQuerySchema(Schema):
    """How long to wait."""

    wait = fields.Integer(
        load_default=55,
        validate=validate.Range(1, 55),
        metadata={"description": "Seconds until 204 if there is no hint"},
    )


class HintSchema(Schema):
    """Where to look: the whole of every hint."""

    look = fields.String(required=True, metadata={"description": "commands, configuration, …"})


class BrokerSchema(Schema):
    """How this terminal, and no other, reaches the MQTT broker."""

    url = fields.String(required=True)
    username = fields.String(required=True, metadata={"description": "Also the client id"})
    password = fields.String(
        required=True,
        metadata={"description": "Works from the broker's next file on; until then poll"},
    )
    topic = fields.String(required=True)


class FcmTokenSchema(Schema):
    """The registration token that Google's library gave the app."""

    token = text(512, 1, required=True, load_only=True)


class CarrierSchema(Schema):
    """What became of one carrier's hints."""

    name = fields.String(required=True)
    sent = fields.Integer(required=True)
    heard = fields.Integer(
        required=True, metadata={"description": "The terminal came within a minute"}
    )
    missed = fields.Integer(
        required=True, metadata={"description": "It did not; the next carrier was tried"}
    )
    failed = fields.Integer(required=True, metadata={"description": "The carrier refused"})
    last_sent_at = fields.AwareDateTime(required=True, allow_none=True)
    last_heard_at = fields.AwareDateTime(required=True, allow_none=True)
    last_failed_at = fields.AwareDateTime(required=True, allow_none=True)
    last_error = fields.String(required=True)
    paused_until = fields.AwareDateTime(required=True, allow_none=True)


class CarriersSchema(Schema):
    """Every carrier of the house."""

    items = fields.List(fields.Nested(CarrierSchema), required=True)


class TellingSchema(Schema):
    """How one terminal is told."""

    carriers = fields.List(
        fields.String(), required=True, metadata={"description": "By configuration, best first"}
    )
    usable = fields.List(
        fields.String(), required=True, metadata={"description": "Those that reach it now"}
    )
    last_seen = fields.AwareDateTime(attribute="seen_at", required=True, allow_none=True)
    last_look = fields.String(attribute="last.look", dump_default="")
    last_carrier = fields.String(attribute="last.carrier", dump_default="")
    last_outcome = fields.String(
        attribute="last.outcome",
        dump_default="",
        metadata={"description": "sent, heard, missed, failed, or nothing: it only polls"},
    )
    last_sent_at = fields.AwareDateTime(
        attribute="last.sent_at", allow_none=True, dump_default=None
    )
