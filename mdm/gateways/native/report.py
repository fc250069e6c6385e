"""What a terminal reports, as the fast codec reads it; `schemas.py` documents the same shape."""

import re
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from mdm.commands.states import Outcome
from muster.kernel.errors import Fault, InvalidInput, Malformed

_Line = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00]*$")]
_Text = Annotated[str, msgspec.Meta(max_length=1000, pattern=r"^[^\x00]*$")]
_Hash = Annotated[str, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


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

    imei: Annotated[str, msgspec.Meta(max_length=20, pattern=r"^[^\x00]*$")] | None = None
    model: _Line | None = None
    os: Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[^\x00]*$")] | None = None
    os_version: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    patch_level: date | None = None
    agent_version: Annotated[str, msgspec.Meta(max_length=32, pattern=r"^[^\x00]*$")] | None = None
    storage_free_mb: _Count | None = None
    storage_total_mb: _Count | None = None
    carrier: _Line | None = None


class AppState(_Part):
    """What became of one app that was to be here."""

    package: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    state: _Line
    version_code: _Count | None = None
    detail: _Text = ""


class CommandResult(_Part):
    """What became of one command."""

    command_id: UUID
    outcome: Outcome
    detail: _Text = ""


class CheckIn(_Part):
    """One report."""

    posture: Posture | None = None
    inventory: Inventory | None = None
    applied_hash: _Hash | None = None
    apps: Annotated[list[AppState], msgspec.Meta(max_length=500)] = []
    results: Annotated[list[CommandResult], msgspec.Meta(max_length=100)] = []
    battery: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None


_DECODER: Final = msgspec.json.Decoder(CheckIn)
_PLACE: Final = re.compile(r" - at `\$(?P<path>[^`]*)`$")


def decode(body: bytes) -> CheckIn:
    """Read a report.

    Raises `Malformed` (400) if it is not JSON, `InvalidInput` (422) with a pointer if it does not
    have the documented shape.
    """
    try:
        return _DECODER.decode(body)
    except msgspec.ValidationError as error:
        raise InvalidInput(errors=[_fault(str(error))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("The body is not JSON in UTF-8.") from error


def plain(part: _Part) -> dict[str, Any]:
    """Return the fields a part really gives, as JSON values."""
    given: dict[str, Any] = msgspec.to_builtins(part)
    return {name: value for name, value in given.items() if value is not None}


def _fault(message: str) -> Fault:
    place = _PLACE.search(message)
    if place is None:
        return Fault("", message)
    pointer = re.sub(r"[.\[]", "/", place["path"]).replace("]", "")
    return Fault(pointer or "/", message[: place.start()])
