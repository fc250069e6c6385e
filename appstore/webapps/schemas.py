"""Wire shapes of web apps."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from appstore.releases.inspection import LARGEST_CODE
from appstore.webapps.address import LONGEST, AddressFault, normal
from appstore.wire import text
from muster.kernel.guard import SCOPES

_PACKAGE = validate.Regexp(
    r"[a-zA-Z][a-zA-Z0-9_]*(\.[a-zA-Z][a-zA-Z0-9_]*)+\Z", error="A name such as city.police.notes."
)
_ICON = 360_000


class WebReleaseSchema(Schema):
    """A version of a web app. Give the icon as `icon` or name a listing's icon."""

    package = fields.String(required=True, validate=[validate.Length(3, 200), _PACKAGE])
    version_code = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, LARGEST_CODE)
    )
    version_name = text(100, 1, required=True)
    label = text(100, 1, required=True)
    label_zh = text(100, load_default="")
    address = text(
        LONGEST, 1, required=True, metadata={"description": "https, of a named host, no fragment"}
    )
    icon = text(
        _ICON, load_default="", metadata={"description": "Square PNG or WebP of 256 KiB, base64"}
    )
    icon_picture = fields.UUID(
        load_default=None, metadata={"description": "An icon of the app's listing"}
    )
    scopes = fields.List(
        fields.String(validate=validate.OneOf(list(SCOPES))),
        load_default=list,
        validate=validate.Length(max=len(SCOPES)),
        metadata={"description": "What its registered client asks for"},
    )
    bundle = fields.UUID(load_default=None, metadata={"description": "A bundle you brought"})
    notes = text(4000, load_default="", metadata={"description": "Release notes"})

    @validates_schema
    def _one_icon(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["icon"]) == (data["icon_picture"] is not None):
            raise ValidationError("Give icon or icon_picture.", "icon")

    @post_load
    def _normal(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            address = normal(data["address"])
        except AddressFault as error:
            raise ValidationError(str(error), "address") from error
        scopes = [name for name in SCOPES if name in data["scopes"]]
        return {**data, "address": address, "scopes": scopes}


class WebBundleSchema(Schema):
    """A bundle of static files."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "read", "refused"]))
    fault = fields.String(required=True, metadata={"description": "Why it was refused"})
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    files = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
