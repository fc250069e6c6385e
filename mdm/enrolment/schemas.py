"""Wire shapes of enrolment tokens."""

from datetime import timedelta
from typing import Any, Final

from cryptography import x509
from marshmallow import Schema, fields, post_load, validate, validates_schema
from marshmallow.exceptions import ValidationError

from mdm.enrolment.qr import AGENTS, AndroidAgent, Wifi
from mdm.enrolment.tokens import LONGEST, MOST_USES, Wish
from mdm.wire import flag, text

OWNERSHIPS: Final = ("personal", "pooled")


def authority(given: str) -> None:
    """Refuse what is neither a certificate in PEM nor an https address."""
    if given.startswith("https://") and len(given) <= 500:
        return
    try:
        x509.load_pem_x509_certificate(given.encode())
    except ValueError as error:
        raise ValidationError("Give a certificate in PEM or an https address.") from error


class WifiSchema(Schema):
    """The network that Android's wizard joins first; its password is not kept."""

    ssid = text(32, 1, required=True)
    security = fields.String(load_default="NONE", validate=validate.OneOf(["NONE", "WPA"]))
    password = text(64, load_default="", load_only=True)

    @validates_schema
    def check_password(self, data: dict[str, Any], **_: Any) -> None:
        """WPA has a passphrase of 8 to 63 characters or a key of 64; an open network has none."""
        length = len(data.get("password", ""))
        if not (8 <= length <= 64 if data.get("security") == "WPA" else length == 0):
            raise ValidationError("8 to 64 characters for WPA, none for NONE.", "password")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Wifi:
        """Return the use case's own type."""
        return Wifi(**data)


class AndroidAgentSchema(Schema):
    """An agent that Android's set-up wizard fetches and makes device owner."""

    component = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Za-z][\w.]{0,199}/[\w.$]{1,200}$"),
        metadata={"example": "org.example.agent/.AdminReceiver"},
    )
    location = fields.URL(required=True, schemes={"https"}, validate=validate.Length(max=500))
    checksum = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Za-z0-9_-]{43}=?$"),
        metadata={"description": "URL-safe base64 of the APK's SHA-256"},
    )
    wifi = fields.Nested(WifiSchema, load_default=None)
    use_mobile_data = flag(load_default=False)
    leave_all_system_apps_enabled = flag(load_default=False)
    skip_encryption = flag(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> AndroidAgent:
        """Return the use case's own type."""
        return AndroidAgent(**data)


class WishSchema(Schema):
    """What a new token is to allow."""

    unit = text(64, 1, required=True, metadata={"description": "Unit code"})
    kind = fields.String(load_default="single", validate=validate.OneOf(["single", "batch"]))
    uses = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_USES))
    lasts_minutes = fields.Integer(
        load_default=24 * 60,
        strict=True,
        validate=validate.Range(1, int(LONGEST.total_seconds() // 60)),
    )
    label = text(100, load_default="")
    device_class = fields.String(
        load_default="handheld", validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$")
    )
    group_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    agent = fields.String(load_default="native", validate=validate.OneOf(sorted(AGENTS)))
    ownership = fields.String(load_default="pooled", validate=validate.OneOf(OWNERSHIPS))
    holder = text(
        32, load_default="", metadata={"description": "Number of the officer who gets the terminal"}
    )
    needs_approval = flag(load_default=False)
    serials = fields.List(
        text(64, 1),
        load_default=list,
        validate=validate.Length(max=MOST_USES),
        metadata={"description": "A batch for these serial numbers alone, each once"},
    )
    replaces = fields.UUID(
        load_default=None, metadata={"description": "The enrolment that this one is to end"}
    )
    ca = fields.List(
        fields.String(validate=authority),
        load_default=list,
        validate=validate.Length(max=4),
        metadata={"description": "Certificates of CAs in PEM, or their https addresses"},
    )
    android = fields.Nested(AndroidAgentSchema, load_default=None)

    @validates_schema
    def check_uses(self, data: dict[str, Any], **_: Any) -> None:
        """A single token is for one terminal; only a batch has a list."""
        if data.get("kind") == "single" and data.get("uses") != 1:
            raise ValidationError("A single token has one use; choose kind batch.", "uses")
        if data.get("serials") and (data.get("kind"), data.get("uses")) != ("batch", 1):
            raise ValidationError("A list is for kind batch, and sets its uses itself.", "serials")
        for name in ("holder", "replaces"):
            if data.get(name) and data.get("kind") != "single":
                raise ValidationError("This is for a single terminal: kind single.", name)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Wish:
        """Return the use case's own type."""
        lasts = timedelta(minutes=data.pop("lasts_minutes"))
        lists = {name: tuple(data[name]) for name in ("group_ids", "serials", "ca")}
        return Wish(**data | lists | {"lasts": lasts})


class EnrolTokenSchema(Schema):
    """A token without its secret."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    uses_left = fields.Integer(required=True)
    unit_id = fields.UUID(required=True)
    group_ids = fields.List(fields.UUID(), required=True)
    device_class = fields.String(required=True)
    agent = fields.String(required=True)
    ownership = fields.String(required=True)
    holder_id = fields.UUID(allow_none=True)
    needs_approval = fields.Boolean(required=True)
    listed = fields.Boolean(
        required=True, metadata={"description": "Only serial numbers of its list come in"}
    )
    replaces = fields.UUID(allow_none=True)
    created_by = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(allow_none=True)


class ListedSerialSchema(Schema):
    """A serial number of a batch's list, and who came in with it."""

    serial = fields.String(required=True)
    device_id = fields.UUID(allow_none=True)
    used_at = fields.AwareDateTime(allow_none=True)


class SerialListSchema(Schema):
    """The whole list of a batch."""

    items = fields.List(fields.Nested(ListedSerialSchema), required=True)


class MadeSchema(Schema):
    """A new token; secret and content are shown this once."""

    row = fields.Nested(EnrolTokenSchema, required=True, data_key="enrolment_token")
    token = fields.String(required=True)
    content = fields.Dict(required=True, metadata={"description": "What the QR code says"})


class PreRegistrationSchema(Schema):
    """Where the terminal of a serial number or IMEI goes, and who came in by it last."""

    id = fields.UUID(required=True)
    serial = fields.String(allow_none=True)
    imei = fields.String(allow_none=True)
    unit_id = fields.UUID(required=True)
    device_class = fields.String(required=True)
    group_ids = fields.List(fields.UUID(), required=True)
    holder_id = fields.UUID(allow_none=True)
    ownership = fields.String(required=True)
    ring = fields.String(required=True)
    attributes = fields.Dict(required=True)
    device_id = fields.UUID(allow_none=True)
    used_at = fields.AwareDateTime(allow_none=True)


class PreRegistrationImportQuerySchema(Schema):
    """`dry_run=true` reports what would happen and changes nothing."""

    dry_run = fields.Boolean(load_default=False)


class PreRegistrationFaultSchema(Schema):
    """What is wrong with a row, and where: `/<line>/<column>`; the heading is line 1."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)


class PreRegistrationImportSchema(Schema):
    """What became of a file. Rows with a fault were left out, the others taken."""

    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    faults = fields.List(fields.Nested(PreRegistrationFaultSchema), required=True)


class UnitWishSchema(Schema):
    """What a unit, and all below it, wants of terminals that come in."""

    needs_approval = flag(required=True)


class UnitRuleSchema(UnitWishSchema):
    """A unit that says something of terminals that come in."""

    unit = fields.String(required=True, metadata={"description": "Unit code"})


class UnitRuleListSchema(Schema):
    """Every unit that says something."""

    items = fields.List(fields.Nested(UnitRuleSchema), required=True)
