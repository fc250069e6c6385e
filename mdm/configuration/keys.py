"""The keys of a configuration document: what each means, and which values it takes.

A layer sets only what it cares about; unknown keys are refused. `BASE` lies under every layer.
"""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from mdm.wire import flag, text

_PACKAGE = validate.Regexp(r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$")
_PACKAGES = validate.Length(max=500)


class PasswordKeys(Schema):
    """The device passcode."""

    min_length = fields.Integer(validate=validate.Range(4, 32), strict=True)
    quality = fields.String(validate=validate.OneOf(["numeric", "alphanumeric", "complex"]))
    max_failed = fields.Integer(
        validate=validate.Range(3, 30),
        strict=True,
        metadata={"description": "Failed tries until the terminal erases itself (CJIS 5.13.2 xi)"},
    )


class UsbKeys(Schema):
    """What a cable may do."""

    debugging = flag()
    file_transfer = flag()


class AppKeys(Schema):
    """Apps beyond those that are rolled out: package names."""

    allowed = fields.List(fields.String(validate=_PACKAGE), validate=_PACKAGES)
    blocked = fields.List(fields.String(validate=_PACKAGE), validate=_PACKAGES)
    unknown_sources = flag()


class KioskKeys(Schema):
    """Only these apps, or none."""

    enabled = flag()
    packages = fields.List(fields.String(validate=_PACKAGE), validate=_PACKAGES)


class UpdateKeys(Schema):
    """System updates."""

    mode = fields.String(validate=validate.OneOf(["automatic", "windowed", "postponed"]))
    window_start = fields.String(validate=validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$"))
    window_end = fields.String(validate=validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$"))


class ConfigurationDocument(Schema):
    """One layer of what a terminal must be."""

    password = fields.Nested(PasswordKeys)
    encryption = flag(metadata={"description": "Storage must be encrypted"})
    screen_lock_seconds = fields.Integer(validate=validate.Range(15, 3600), strict=True)
    camera = flag()
    screen_capture = flag()
    bluetooth = flag()
    usb = fields.Nested(UsbKeys)
    apps = fields.Nested(AppKeys)
    kiosk = fields.Nested(KioskKeys)
    updates = fields.Nested(UpdateKeys)
    offline_hours = fields.Integer(
        validate=validate.Range(0, 168),
        strict=True,
        metadata={"description": "Longest use without contact; then cached data is erased"},
    )
    log_level = fields.String(validate=validate.OneOf(["error", "warning", "info", "debug"]))
    check_in_seconds = fields.Integer(validate=validate.Range(60, 86_400), strict=True)
    lock_message = text(500)


BASE: Final[dict[str, Any]] = {
    "password": {"min_length": 6, "quality": "numeric", "max_failed": 10},
    "encryption": True,
    "screen_lock_seconds": 120,
    "camera": True,
    "screen_capture": False,
    "usb": {"debugging": False, "file_transfer": False},
    "apps": {"unknown_sources": False},
    "updates": {"mode": "automatic"},
    "offline_hours": 12,
    "log_level": "info",
    "check_in_seconds": 900,
}
BASE_NAME: Final = "built in"
