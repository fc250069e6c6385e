"""Wire shapes of the agent door."""

from marshmallow import Schema, fields, validate

from mdm.wire import flag, text

_HASH = validate.Regexp(r"^sha256:[0-9a-f]{64}$")
_COUNT = validate.Range(0, 2**53)


class EnrolmentSchema(Schema):
    """A terminal that comes in; its key is the one that signs the DPoP proof."""

    token = text(128, 16, required=True, load_only=True)
    serial = text(64, 1, required=True)
    imei = text(20, load_default="")
    model = text(100, load_default="")
    os = text(32, load_default="")
    os_version = text(64, load_default="")
    patch_level = fields.Date(load_default=None, allow_none=True)
    agent_version = text(32, load_default="")


class SealedSchema(Schema):
    """A signed manifest: `manifest.document` is the desired state, `manifest.version` its hash."""

    manifest = fields.Dict(required=True)
    key_id = fields.String(required=True)
    algorithm = fields.String(required=True)
    signature = fields.String(required=True)


class EnrolledSchema(Schema):
    """Who the terminal is now, and what it is to be."""

    device_id = fields.UUID(required=True)
    label = fields.String(required=True)
    posture = fields.String(required=True, metadata={"description": "Always `unknown` at first"})
    configuration = fields.Nested(SealedSchema, required=True)
    manifest_keys = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "JWKs; trust those whose thumbprint the code named"},
    )
    check_in_seconds = fields.Integer(required=True)


class PostureSchema(Schema):
    """Security facts, always all that the terminal knows: what is missing counts as unknown."""

    encrypted = flag(allow_none=True)
    passcode_set = flag(allow_none=True)
    rooted = flag(allow_none=True)
    usb_debugging = flag(allow_none=True)
    bootloader_locked = flag(allow_none=True)
    screen_lock_enforced = flag(allow_none=True)


class InventorySchema(Schema):
    """What changed about the terminal since it last said so."""

    imei = text(20, allow_none=True)
    model = text(100, allow_none=True)
    os = text(32, allow_none=True)
    os_version = text(64, allow_none=True)
    patch_level = fields.Date(allow_none=True)
    agent_version = text(32, allow_none=True)
    storage_free_mb = fields.Integer(strict=True, validate=_COUNT, allow_none=True)
    storage_total_mb = fields.Integer(strict=True, validate=_COUNT, allow_none=True)
    carrier = text(100, allow_none=True)


class AppStateSchema(Schema):
    """What became of one app that was to be here."""

    package = text(200, 1, required=True)
    state = text(100, required=True)
    version_code = fields.Integer(strict=True, validate=_COUNT, allow_none=True)
    detail = text(1000)


class ResultSchema(Schema):
    """What became of a command. `done` of a wipe is sent before the terminal erases itself."""

    outcome = fields.String(required=True, validate=validate.OneOf(["done", "failed", "not_now"]))
    detail = text(1000, load_default="")


class CommandResultSchema(Schema):
    """What became of one command."""

    command_id = fields.UUID(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["done", "failed", "not_now"]))
    detail = text(1000)


class CheckInSchema(Schema):
    """One report; what it leaves out has not changed."""

    posture = fields.Nested(PostureSchema, allow_none=True)
    inventory = fields.Nested(InventorySchema, allow_none=True)
    applied_hash = fields.String(validate=_HASH, allow_none=True)
    apps = fields.List(fields.Nested(AppStateSchema), validate=validate.Length(max=500))
    results = fields.List(fields.Nested(CommandResultSchema), validate=validate.Length(max=100))
    battery = fields.Integer(strict=True, validate=validate.Range(0, 100), allow_none=True)


class ReasonSchema(Schema):
    """Why the terminal is not compliant, for the person who holds it."""

    id = fields.String(required=True)
    en = fields.String(required=True)
    zh = fields.String(required=True)


class OrderSchema(Schema):
    """A command to carry out; report its result by its id, also when it comes twice."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    body = fields.Dict(required=True)
    issued_at = fields.AwareDateTime(required=True)


class CheckInAnswerSchema(Schema):
    """What the server makes of the report, and what is to be done."""

    device_id = fields.UUID(required=True)
    state = fields.String(required=True)
    tier = fields.Integer(required=True)
    compliant = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    desired_hash = fields.String(required=True)
    configuration = fields.Nested(
        SealedSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Only while the applied hash is another"},
    )
    commands = fields.List(fields.Nested(OrderSchema), required=True)
    server_time = fields.AwareDateTime(required=True)
    next_check_in_seconds = fields.Integer(required=True)


class ResultAnswerSchema(Schema):
    """How the command stands now."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
