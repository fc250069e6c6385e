"""What a terminal reports, as the fast codec reads it; `schemas.py` documents the same shape."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from mdm.commands.states import Outcome
from mdm.telemetry.software import MOST as MOST_PACKAGES
from muster.kernel.errors import Fault, InvalidInput, Malformed

_NO_NUL: Final = r"^[^\x00]*$"
_Line = Annotated[str, Meta(max_length=100, pattern=_NO_NUL)]
_Text = Annotated[str, Meta(max_length=1000, pattern=_NO_NUL)]
_Package = Annotated[str, Meta(min_length=1, max_length=200, pattern=_NO_NUL)]
_Hash = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
_Code = Annotated[str, Meta(pattern=r"^[a-z0-9_]{0,64}$")]
_Count = Annotated[int, Meta(ge=0, le=2**53)]
_Moment = Annotated[datetime, Meta(tz=True)]
MOST_DATA: Final = 4096
"""Bytes of a result's `data`."""


class _Part(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a report; what it leaves out has not changed."""


class Posture(_Part):
    """Security facts, always all that the terminal knows: what is missing counts as unknown."""

    encrypted: bool | None = None
    passcode_set: bool | None = None
    rooted: bool | None = None
    usb_debugging: bool | None = None
    bootloader_locked: bool | None = None
    screen_lock_enforced: bool | None = None


class Inventory(_Part):
    """What changed about the terminal since it last said so."""

    imei: Annotated[str, Meta(max_length=20, pattern=_NO_NUL)] | None = None
    model: _Line | None = None
    os: Annotated[str, Meta(max_length=32, pattern=_NO_NUL)] | None = None
    os_version: Annotated[str, Meta(max_length=64, pattern=_NO_NUL)] | None = None
    patch_level: date | None = None
    agent_version: Annotated[str, Meta(max_length=32, pattern=_NO_NUL)] | None = None
    storage_free_mb: _Count | None = None
    storage_total_mb: _Count | None = None
    carrier: _Line | None = None


class Installed(_Part):
    """One package that is installed."""

    version_code: _Count
    version: _Line = ""


_Packages = Annotated[dict[_Package, Installed], Meta(max_length=MOST_PACKAGES)]


class Software(_Part):
    """Everything that is installed (`full`), or what changed since the list with the hash `base`."""

    full: _Packages | None = None
    base: _Hash | None = None
    changed: _Packages = {}
    removed: Annotated[list[_Package], Meta(max_length=MOST_PACKAGES)] = []

    def __post_init__(self) -> None:
        """Raise `ValueError` unless it is the one or the other."""
        if (self.full is None) == (self.base is None):
            raise ValueError("Give `full`, or `base` with `changed` and `removed`.")
        if self.full is not None and (self.changed or self.removed):
            raise ValueError("`full` stands alone.")


class Sim(_Part):
    """One card in the terminal."""

    slot: Annotated[int, Meta(ge=0, le=7)]
    iccid: Annotated[str, Meta(max_length=22, pattern=_NO_NUL)] = ""
    number: Annotated[str, Meta(max_length=32, pattern=_NO_NUL)] = ""
    operator: _Line = ""


class Location(_Part):
    """Where the terminal is, in degrees of `datum`; metres; taken only where it was ordered."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    at: _Moment
    accuracy_m: Annotated[float, Meta(ge=0, le=1_000_000)] | None = None
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"


class CrashReport(_Part):
    """One crash of one app; `id` is the terminal's own, so that it counts once."""

    id: UUID
    package: _Package
    version_code: _Count
    at: _Moment
    text: Annotated[str, Meta(min_length=1, max_length=16_000, pattern=_NO_NUL)]
    version: _Line = ""


class AppState(_Part):
    """What became of one app that was to be here.

    `reason` says for programs why not, `config_hash` which managed configuration the app was given,
    `unsent` how many pieces of work it waits for before it goes.
    """

    package: _Package
    state: _Line
    version_code: _Count | None = None
    detail: _Text = ""
    reason: Annotated[str, Meta(pattern=r"^[a-z0-9_]{0,32}$")] = ""
    config_hash: _Hash | None = None
    unsent: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None


class Answer(_Part):
    """What became of a command: `code` says why it failed, `data` is what it brought (4 KB)."""

    outcome: Outcome
    detail: _Text = ""
    code: _Code = ""
    data: dict[str, Any] = {}

    def __post_init__(self) -> None:
        """Raise `ValueError` for data that is too large or that no database can hold."""
        if not self.data:
            return
        written = msgspec.json.encode(self.data)
        if len(written) > MOST_DATA:
            raise ValueError(f"`data` takes {MOST_DATA} bytes at most.")
        if rb"\u0000" in written.replace(rb"\\", b""):
            raise ValueError("`data` cannot hold a NUL.")


class CommandResult(Answer, kw_only=True):
    """What became of one command, and which."""

    command_id: UUID


class CheckIn(_Part):
    """One report. `sequence` grows by the report: an older one than the last taken is not stored."""

    sequence: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    posture: Posture | None = None
    inventory: Inventory | None = None
    software: Software | None = None
    sims: Annotated[list[Sim], Meta(max_length=8)] | None = None
    location: Location | None = None
    applied_hash: _Hash | None = None
    apps: Annotated[list[AppState], Meta(max_length=500)] = []
    results: Annotated[list[CommandResult], Meta(max_length=100)] = []
    crashes: Annotated[list[CrashReport], Meta(max_length=10)] = []
    battery: Annotated[int, Meta(ge=0, le=100)] | None = None


class Line(_Part):
    """One line of the terminal's log."""

    at: _Moment
    level: Literal["error", "warning", "info", "debug"]
    text: Annotated[str, Meta(max_length=4000, pattern=_NO_NUL)]
    tag: _Line = ""


class Lines(_Part):
    """A batch of log lines; the same `batch` sent again is not stored again."""

    batch: UUID
    lines: Annotated[list[Line], Meta(max_length=2000)]
    command_id: UUID | None = None


Shape = TypeVar("Shape", CheckIn, Lines, Answer)
_DECODERS: Final[dict[Any, msgspec.json.Decoder[Any]]] = {
    shape: msgspec.json.Decoder(shape) for shape in (CheckIn, Lines, Answer)
}
_PLACE: Final = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")


def decode(body: bytes, shape: type[Shape]) -> Shape:
    """Read a report.

    Raises `Malformed` (400) if it is not JSON, `InvalidInput` (422) with a pointer if it does not
    have the documented shape.
    """
    try:
        read: Shape = _DECODERS[shape].decode(body)
    except msgspec.ValidationError as error:
        raise InvalidInput(errors=[_fault(str(error))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The body is not JSON in UTF-8.") from error
    return read


def plain(part: msgspec.Struct) -> dict[str, Any]:
    """Return the fields a part really gives, as JSON values."""
    given: dict[str, Any] = msgspec.to_builtins(part)
    return {name: value for name, value in given.items() if value is not None}


def _fault(message: str) -> Fault:
    place = _PLACE.search(message)
    if place is None:
        return Fault("", message)
    pointer = re.sub(r"[.\[]", "/", place["path"]).replace("]", "")
    return Fault(pointer or "/", message[: place.start()])
