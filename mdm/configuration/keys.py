"""The keys of a configuration document: what each means, and which values it takes.

A layer sets only what it cares about; unknown keys are refused. `BASE` lies under every layer.
A field marked `secret` is shown to nobody but those who may write the layer.
"""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from mdm.wire import flag, text

_TIME = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$")
_PACKAGE = validate.Regexp(r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$")
_PACKAGES = validate.Length(max=500)


def _help(sentence: str, **more: Any) -> dict[str, Any]:
    return {"description": sentence, **more}


def _switch(sentence: str) -> fields.Boolean:
    return flag(metadata=_help(sentence))


def _number(low: int, high: int, sentence: str, **options: Any) -> fields.Integer:
    return fields.Integer(
        validate=validate.Range(low, high), strict=True, metadata=_help(sentence), **options
    )


def _one_of(choices: list[str], sentence: str, **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(choices), metadata=_help(sentence), **options)


def _time(sentence: str, **options: Any) -> fields.String:
    return fields.String(validate=_TIME, metadata=_help(sentence), **options)


def _package(sentence: str) -> fields.String:
    return fields.String(validate=_PACKAGE, metadata=_help(sentence))


def _packages(sentence: str) -> fields.List[Any]:
    return fields.List(
        fields.String(validate=_PACKAGE), validate=_PACKAGES, metadata=_help(sentence)
    )


def _many(of: type[Schema], most: int, sentence: str) -> fields.List[Any]:
    return fields.List(
        fields.Nested(of), validate=validate.Length(max=most), metadata=_help(sentence)
    )


class PasswordKeys(Schema):
    """The passcode that unlocks the terminal."""

    min_length = _number(4, 32, "Shortest passcode, in characters")
    quality = _one_of(["numeric", "alphanumeric", "complex"], "What a passcode must be made of")
    max_failed = _number(3, 30, "Failed tries until the terminal erases itself (CJIS 5.13.2 xi)")
    expires_days = _number(1, 365, "Days until a new passcode must be chosen")
    history = _number(0, 24, "How many former passcodes may not be used again")


class RadioKeys(Schema):
    """Which radios may be on; what is left out is up to the holder."""

    bluetooth = _switch("Bluetooth may be on")
    wifi = _switch("Wi-Fi may be on")
    mobile_data = _switch("Mobile data may be on")
    nfc = _switch("NFC may be on")
    tethering = _switch("The terminal may share its connection")


class UsbKeys(Schema):
    """What a cable may do."""

    debugging = _switch("Developers may debug over USB")
    file_transfer = _switch("Files may be copied over USB")
    storage = _switch("USB storage may be attached")


class WifiNetwork(Schema):
    """One network the terminal joins by itself."""

    ssid = text(32, 1, required=True, metadata=_help("Name of the network"))
    security = _one_of(["open", "wpa", "eap"], "How the network is secured", required=True)
    password = text(63, 8, metadata=_help("Password of the network", secret=True))
    hidden = _switch("The network does not announce itself")


class VpnKeys(Schema):
    """The always-on VPN."""

    package = _package("App that provides the VPN")
    always_on = _switch("The VPN is always on")
    lockdown = _switch("Nothing gets past the VPN")


class TrustedCertificate(Schema):
    """A certificate authority the terminal trusts, in PEM."""

    name = text(64, 1, required=True, metadata=_help("Name of the authority"))
    pem = text(16_384, 1, required=True, metadata=_help("Certificate in PEM"))


class TimeFence(Schema):
    """When the terminal may be used: from start to end on some days (1 Monday … 7 Sunday), local time."""

    days = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 7)),
        required=True,
        validate=validate.Length(1, 7),
        metadata=_help("Days of the week, 1 Monday to 7 Sunday"),
    )
    start = _time("Use begins at", required=True)
    end = _time("Use ends at", required=True)


class GeoFence(Schema):
    """A circle on the ground (WGS 84, metres)."""

    name = text(64, 1, required=True, metadata=_help("Name of the place"))
    lat = fields.Float(
        required=True, validate=validate.Range(-90, 90), metadata=_help("Latitude, WGS 84")
    )
    lon = fields.Float(
        required=True, validate=validate.Range(-180, 180), metadata=_help("Longitude, WGS 84")
    )
    radius_m = _number(50, 500_000, "Radius in metres", required=True)


class FenceKeys(Schema):
    """Where and when the terminal may be used; outside all of a kind it warns or locks itself."""

    time = _many(TimeFence, 14, "When the terminal may be used")
    geo = _many(GeoFence, 20, "Where the terminal may be used")
    outside = _one_of(["warn", "lock"], "What the terminal does outside all fences")


class LostKeys(Schema):
    """What a lost terminal shows and does; the incident layer carries it."""

    enabled = _switch("The terminal is in lost mode")
    message = text(500, metadata=_help("What a lost terminal shows"))
    phone = text(32, metadata=_help("Number that a finder can call"))
    locate_seconds = _number(30, 86_400, "How often a lost terminal reports where it is")


class HintKeys(Schema):
    """How the terminal hears that there is news, best first; polling stays beneath all of them."""

    carriers = fields.List(
        fields.String(validate=validate.OneOf(["stream", "long_poll", "mqtt", "fcm"])),
        validate=validate.Length(max=4),
        metadata=_help("Carriers of hints, best first"),
    )


class AppKeys(Schema):
    """Apps beyond those that are rolled out, by package name."""

    required = _packages("Apps that must be installed")
    allowed = _packages("Apps that may be installed")
    blocked = _packages("Apps that may not be installed")
    unknown_sources = _switch("Apps may come from unknown sources")


class KioskKeys(Schema):
    """Only these apps, or none; `home` is the one that opens."""

    enabled = _switch("Only the apps of the kiosk can be opened")
    home = _package("App that opens by itself")
    packages = _packages("Apps of the kiosk")


class UpdateKeys(Schema):
    """System updates."""

    mode = _one_of(["automatic", "windowed", "postponed"], "When system updates are installed")
    window_start = _time("Updates may begin at")
    window_end = _time("Updates must have begun by")


class ConfigurationDocument(Schema):
    """One layer of what a terminal must be."""

    password = fields.Nested(PasswordKeys)
    encryption = _switch("Storage must be encrypted")
    screen_lock_seconds = _number(15, 3600, "Seconds without use until the screen locks")
    camera = _switch("The camera may be used")
    microphone = _switch("The microphone may be used")
    screen_capture = _switch("The screen may be captured")
    radios = fields.Nested(RadioKeys)
    usb = fields.Nested(UsbKeys)
    wifi = _many(WifiNetwork, 50, "Networks that the terminal joins by itself")
    vpn = fields.Nested(VpnKeys)
    certificates = _many(TrustedCertificate, 50, "Certificate authorities the terminal trusts")
    apps = fields.Nested(AppKeys)
    kiosk = fields.Nested(KioskKeys)
    updates = fields.Nested(UpdateKeys)
    fences = fields.Nested(FenceKeys)
    lost = fields.Nested(LostKeys)
    hints = fields.Nested(HintKeys)
    location_seconds = _number(0, 86_400, "How often the terminal reports where it is; 0 never")
    offline_hours = _number(0, 168, "Longest use without contact; then cached data is erased")
    log_level = _one_of(["error", "warning", "info", "debug"], "How much the agent writes down")
    check_in_seconds = _number(60, 86_400, "How often the terminal reports")
    lock_message = text(500, metadata=_help("What the locked screen shows"))


BASE: Final[dict[str, Any]] = {
    "password": {"min_length": 6, "quality": "numeric", "max_failed": 10},
    "encryption": True,
    "screen_lock_seconds": 120,
    "camera": True,
    "screen_capture": False,
    "usb": {"debugging": False, "file_transfer": False, "storage": False},
    "apps": {"unknown_sources": False},
    "updates": {"mode": "automatic"},
    "offline_hours": 12,
    "log_level": "info",
    "check_in_seconds": 900,
}
BASE_NAME: Final = "built in"
