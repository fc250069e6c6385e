"""What each kind of command says: one shape per kind, unknown fields refused.

What the agent is told is the same, but for `case_ref`, which the audit log alone keeps.
"""

from typing import Any, Final

from marshmallow import Schema, fields, validate
from marshmallow.exceptions import ValidationError

from mdm.commands.states import KINDS
from mdm.wire import flag, text
from muster.kernel.errors import Fault, InvalidInput

_PACKAGE: Final = validate.Regexp(
    r"\A[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+\Z", error="This is not a package name."
)
_SAYS: Final = validate.Regexp(r"(?s).*\S", error="Write what the screen is to show.")


class NoBody(Schema):
    """Nothing to say."""


class WipeAppDataBody(Schema):
    """Whose data is erased; no packages: that of every managed app."""

    packages = fields.List(
        fields.String(validate=[validate.Length(max=200), _PACKAGE]),
        load_default=list,
        validate=validate.Length(max=100),
    )


class LockBody(Schema):
    """What the locked screen shows."""

    message = text(500)


class LostModeBody(Schema):
    """What a lost terminal shows, and how often it says where it is (seconds)."""

    message = text(500, 1, required=True)
    phone = text(32, load_default="")
    locate_seconds = fields.Integer(
        validate=validate.Range(30, 86_400), strict=True, load_default=300
    )


class ResetPasscodeBody(Schema):
    """The new passcode: sealed until it is handed out, then forgotten."""

    passcode = text(64, 4, required=True)


class LocateBody(Schema):
    """Why the terminal's place is asked for; without purpose and case the guard refuses (403)."""

    purpose = text(64, load_default="")
    case_ref = text(64, load_default="")


class RingBody(Schema):
    """How long it rings."""

    seconds = fields.Integer(validate=validate.Range(1, 600), strict=True, load_default=60)


class PackageBody(Schema):
    """Which app."""

    package = fields.String(required=True, validate=[validate.Length(max=200), _PACKAGE])


class MessageBody(Schema):
    """What the screen shows; with `receipt` only the holder's own word acknowledges it."""

    message = fields.String(
        required=True,
        validate=[validate.Length(max=500), _SAYS, validate.ContainsNoneOf("\x00")],
    )
    receipt = flag(load_default=False)


class CollectLogsBody(Schema):
    """How many of the last lines."""

    max_lines = fields.Integer(validate=validate.Range(1, 10_000), strict=True, load_default=1000)


BODIES: Final[dict[str, type[Schema]]] = {
    **dict.fromkeys(KINDS, NoBody),
    "wipe_app_data": WipeAppDataBody,
    "lost_mode": LostModeBody,
    "lock": LockBody,
    "reset_passcode": ResetPasscodeBody,
    "locate": LocateBody,
    "ring": RingBody,
    "install": PackageBody,
    "remove": PackageBody,
    "message": MessageBody,
    "collect_logs": CollectLogsBody,
}


def checked(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a command as its kind wants it; a `ValidationError` points below `body`."""
    try:
        loaded: dict[str, Any] = BODIES[kind]().load(body)
    except ValidationError as error:
        raise ValidationError({"body": error.messages}) from error
    return loaded


def filled_in(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the body that a form's fields make; `InvalidInput` names the field at fault."""
    try:
        return checked(kind, fields)
    except ValidationError as error:
        faults = error.messages_dict["body"]
        raise InvalidInput(
            errors=[Fault(f"/{name}", _first(said)) for name, said in faults.items()]
        ) from error


def _first(said: Any) -> str:
    """Return the first sentence of however deeply nested complaints."""
    while not isinstance(said, str):
        said = next(iter(said.values() if isinstance(said, dict) else said))
    return said
