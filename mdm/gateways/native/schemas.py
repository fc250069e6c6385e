"""Wire shapes of the agent door."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from mdm.attestation.schemas import chain
from mdm.certificates.schemas import IssuedSchema
from mdm.gateways.native.report import MOST_DATA
from mdm.telemetry.orders import LEVELS
from mdm.telemetry.software import MOST as MOST_PACKAGES
from mdm.wire import flag, number, text
from muster.ondevice.datum import Datum

_HASH = validate.Regexp(r"^sha256:[0-9a-f]{64}$")
_COUNT = validate.Range(0, 2**53)
_OUTCOME = validate.OneOf(["done", "failed", "not_now"])


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
    csr = text(
        8192,
        load_default="",
        metadata={"description": "PKCS#10 in PEM: also give this key a certificate"},
    )
    attestation = chain(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Chain of the key that signs the proof; challenge: enrol/challenge"
        },
    )


class EnrolmentChallengeSchema(Schema):
    """Who asks for a challenge before it comes in: the holder of a token, with any key."""

    token = text(128, 16, required=True, load_only=True)


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
    state = fields.String(
        required=True,
        metadata={"description": "`enrolled`, or `awaiting_approval`: check in until let in"},
    )
    configuration = fields.Nested(
        SealedSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null while the terminal waits to be let in"},
    )
    manifest_keys = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "JWKs; trust those whose thumbprint the code named"},
    )
    check_in_seconds = fields.Integer(required=True)
    attestation = fields.String(
        required=True, metadata={"description": "`verified`, `failed` or `unknown`"}
    )
    certificate = fields.Nested(
        IssuedSchema,
        required=True,
        allow_none=True,
        metadata={"description": "For the key of `csr`; null without one, or without a CA"},
    )


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
    reason = fields.String(validate=validate.Regexp(r"^[a-z0-9_]{0,32}\Z"))
    config_hash = fields.String(validate=_HASH, allow_none=True)
    unsent = fields.Integer(strict=True, validate=validate.Range(0, 1_000_000), allow_none=True)


class InstalledSchema(Schema):
    """One package that is installed."""

    version_code = fields.Integer(strict=True, required=True, validate=_COUNT)
    version = text(100)


def _packages(**options: Any) -> fields.Dict:
    return fields.Dict(
        keys=text(200, 1),
        values=fields.Nested(InstalledSchema),
        validate=validate.Length(max=MOST_PACKAGES),
        **options,
    )


class SoftwareSchema(Schema):
    """Everything that is installed (`full`), or what changed since the list with the hash `base`."""

    full = _packages(allow_none=True, metadata={"description": "By package name"})
    base = fields.String(
        validate=_HASH,
        allow_none=True,
        metadata={"description": "sha256: of the canonical JSON of the list before"},
    )
    changed = _packages()
    removed = fields.List(text(200, 1), validate=validate.Length(max=MOST_PACKAGES))

    @validates_schema
    def is_one_or_the_other(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse both at once, and neither."""
        full = data.get("full")
        if (full is None) == (data.get("base") is None):
            raise ValidationError("Give `full`, or `base` with `changed` and `removed`.")
        if full is not None and (data.get("changed") or data.get("removed")):
            raise ValidationError("`full` stands alone.")


class SimSchema(Schema):
    """One card in the terminal."""

    slot = fields.Integer(strict=True, required=True, validate=validate.Range(0, 7))
    iccid = text(22)
    number = text(32)
    operator = text(100)


class LocationSchema(Schema):
    """Where the terminal is; taken only while somebody ordered it."""

    lat = number(-90, 90, required=True)
    lon = number(-180, 180, required=True)
    at = fields.AwareDateTime(required=True)
    accuracy_m = number(0, 1_000_000, allow_none=True)
    datum = fields.String(validate=validate.OneOf([one.value for one in Datum]))


class CrashReportSchema(Schema):
    """One crash of one app; `id` is the terminal's own, so that it counts once."""

    id = fields.UUID(required=True)
    package = text(200, 1, required=True)
    version_code = fields.Integer(strict=True, required=True, validate=_COUNT)
    at = fields.AwareDateTime(required=True)
    version = text(100)
    text = text(16_000, 1, required=True, metadata={"description": "The stack trace"})


class ResultSchema(Schema):
    """What became of a command. `done` of a wipe is sent before the terminal erases itself."""

    outcome = fields.String(required=True, validate=_OUTCOME)
    detail = text(1000)
    code = fields.String(
        validate=validate.Regexp(r"^[a-z0-9_]{0,64}$"),
        metadata={"description": "Why it failed, for programs: unsupported, not_permitted …"},
    )
    data = fields.Dict(
        metadata={"description": f"What it brought, {MOST_DATA} bytes of JSON at most"}
    )


class CommandResultSchema(ResultSchema):
    """What became of one command, and which."""

    command_id = fields.UUID(required=True)


class CheckInSchema(Schema):
    """One report; what it leaves out has not changed."""

    sequence = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(1, 2**53),
        metadata={"description": "Grows by the report; an older one is answered, not stored"},
    )
    posture = fields.Nested(PostureSchema, allow_none=True)
    inventory = fields.Nested(InventorySchema, allow_none=True)
    software = fields.Nested(SoftwareSchema, allow_none=True)
    sims = fields.List(fields.Nested(SimSchema), allow_none=True, validate=validate.Length(max=8))
    location = fields.Nested(LocationSchema, allow_none=True)
    applied_hash = fields.String(validate=_HASH, allow_none=True)
    apps = fields.List(fields.Nested(AppStateSchema), validate=validate.Length(max=500))
    results = fields.List(fields.Nested(CommandResultSchema), validate=validate.Length(max=100))
    crashes = fields.List(fields.Nested(CrashReportSchema), validate=validate.Length(max=10))
    battery = fields.Integer(strict=True, validate=validate.Range(0, 100), allow_none=True)


class LineSchema(Schema):
    """One line of the terminal's log."""

    at = fields.AwareDateTime(required=True)
    level = fields.String(required=True, validate=validate.OneOf(list(LEVELS)))
    tag = text(100)
    text = text(4000, required=True)


class LinesSchema(Schema):
    """A batch of log lines; the same `batch` sent again is not stored again."""

    batch = fields.UUID(required=True)
    lines = fields.List(
        fields.Nested(LineSchema), required=True, validate=validate.Length(max=2000)
    )
    command_id = fields.UUID(
        allow_none=True, metadata={"description": "The collect_logs command that asked for them"}
    )


class LinesAnswerSchema(Schema):
    """What became of a batch."""

    stored = fields.Integer(required=True)
    dropped = fields.Integer(
        required=True, metadata={"description": "Lines more talkative than `log_level`"}
    )
    repeated = fields.Boolean(required=True)


class ReasonSchema(Schema):
    """Why the terminal is not compliant, for the person who holds it.

    A reason that is a failed rule says since when, what it does now, and what from `deadline` on.
    """

    id = fields.String(required=True)
    en = fields.String(required=True)
    zh = fields.String(required=True)
    severity = fields.String()
    since = fields.AwareDateTime()
    action = fields.String()
    deadline = fields.AwareDateTime(allow_none=True)
    then = fields.String(allow_none=True)


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
    stored = fields.Boolean(
        required=True, metadata={"description": "False for a report older than the last taken"}
    )
    sequence = fields.Integer(
        required=True, metadata={"description": "Of the last report taken; go on above it"}
    )
    software_resync = fields.Boolean(
        required=True, metadata={"description": "The base did not fit: send `full`"}
    )
    dropped = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Members that nobody ordered: `location`"},
    )
    commands = fields.List(fields.Nested(OrderSchema), required=True)
    server_time = fields.AwareDateTime(required=True)
    next_check_in_seconds = fields.Integer(required=True)


class ResultAnswerSchema(Schema):
    """How the command stands now."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
