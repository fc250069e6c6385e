"""What an officer does about PINs and rights from their own terminal; a supervisor for their unit."""

from typing import Any

from muster.kernel.identity import officers, officers_secrets
from muster.kernel.identity.break_glass import service as break_glass
from muster.kernel.identity.break_glass.models import BreakGlass
from muster.kernel.identity.credentials import ONE_TIME
from muster.kernel.identity.people_schemas import (
    BreakGlassRequestSchema,
    BreakGlassSchema,
    OneTimePinSchema,
    PinResetSchema,
    SecretChangeSchema,
)
from muster.kernel.identity.schemas import LockoutReleaseSchema, LockoutsSchema
from muster.kernel.web import Auth, Blueprint, Mode, actor, uow

blp = Blueprint(
    "team",
    __name__,
    audience="field",
    url_prefix="/mobile/v1",
    description="One's own PIN, the team's PINs and lock-outs, break-glass",
)


@blp.route(
    "/pin",
    methods=["POST"],
    auth=Auth.FIELD,
    mode=Mode.READS,
    actions=("identity.secret.change_own",),
)
@blp.arguments(SecretChangeSchema)
@blp.response(204)
def change_pin(body: dict[str, Any]) -> None:
    """Choose another PIN; every session of yours ends, so sign in with it."""
    officers_secrets.change_own(uow(), actor(), "pin", body["current"], body["new"])


@blp.route("/team/pin-resets", methods=["POST"], auth=Auth.FIELD, actions=("identity.pin.reset",))
@blp.arguments(PinResetSchema)
@blp.response(201, OneTimePinSchema)
def reset_pin(body: dict[str, Any]) -> dict[str, Any]:
    """Give an officer of your unit a PIN for one use; a lock-out of theirs ends with it."""
    officer, pin = officers_secrets.reset_pin(uow(), actor(), body["number"], body["reason"])
    return {"number": officer.number, "pin": pin, "ends_at": uow().now() + ONE_TIME}


@blp.route("/team/lockouts", auth=Auth.FIELD, actions=("identity.lockout.read",))
@blp.response(200, LockoutsSchema)
def list_lockouts() -> dict[str, Any]:
    """List who is locked out and whom you may release."""
    return {"items": officers.locked(uow(), actor())}


@blp.route(
    "/team/lockouts/release",
    methods=["POST"],
    auth=Auth.FIELD,
    actions=("identity.lockout.release",),
)
@blp.arguments(LockoutReleaseSchema)
@blp.response(204)
def release_lockout(body: dict[str, Any]) -> None:
    """Release a lock-out; nobody releases their own."""
    officers.release(uow(), actor(), body["subject"], body["reason"])


@blp.route(
    "/break-glass", methods=["POST"], auth=Auth.FIELD, actions=("identity.break_glass.begin",)
)
@blp.arguments(BreakGlassRequestSchema)
@blp.response(201, BreakGlassSchema)
def begin_break_glass(body: dict[str, Any]) -> BreakGlass:
    """Open a role or a certification for yourself for up to an hour; it is reviewed."""
    return break_glass.begin(uow(), actor(), **body)
