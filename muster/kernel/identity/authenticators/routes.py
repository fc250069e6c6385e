"""One's own account for programs, and what security admins do for others."""

from typing import Any
from uuid import UUID

from muster.kernel.identity import my_sessions, step_up
from muster.kernel.identity.authenticators import account, oversight
from muster.kernel.identity.authenticators.schemas import (
    AccountSchema,
    ChangePasswordSchema,
    ConfirmAppSchema,
    ConfirmedAppSchema,
    NewAppSchema,
    OpenSessionsSchema,
    RecoveryCodesSchema,
    StepUpSchema,
)
from muster.kernel.identity.schemas import ConsoleSessionSchema, ReasonSchema
from muster.kernel.web import Auth, Blueprint, Mode, actor, kernel, uow

own = Blueprint(
    "account",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/account",
    description="One's own second factors, password and sessions",
)
step = Blueprint(
    "step_up",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/sessions/current",
    description="Confirming who one is (RFC 9470)",
)
others = Blueprint(
    "officer_sessions",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/officers/<uuid:officer_id>",
    description="Sessions and second factors of others, for security admins",
)
BLUEPRINTS = (own, step, others)
_READ_SESSIONS = "identity.officer.read_sessions"
_END_SESSIONS = "identity.officer.end_sessions"


@step.route(
    "/step-up",
    methods=["POST"],
    auth=Auth.CONSOLE,
    mode=Mode.READS,
    actions=(step_up.ACTION,),
    limit=8 * 1024,
)
@step.arguments(StepUpSchema)
@step.response(200, ConsoleSessionSchema)
def create_step_up(body: dict[str, Any]) -> dict[str, Any]:
    """Confirm with password and code; the session goes on under a new token."""
    kernel().limits.hit("console.step_up", str(actor().id), 20, 300)
    step_up.permit(uow(), actor())
    secret, session = step_up.with_password(kernel(), actor(), body["password"], body["otp"])
    return {"token": secret, "expires_at": session.expires_at}


@own.route("", auth=Auth.CONSOLE, actions=(account.READ,))
@own.response(200, AccountSchema)
def read_account() -> Any:
    """Passkeys, since when there is an app, how many recovery codes are left."""
    return account.overview(uow(), actor())


@own.route("/app", methods=["POST"], auth=Auth.CONSOLE, actions=(account.ENROL,))
@own.response(201, NewAppSchema)
def create_app() -> Any:
    """Begin with an authenticator app: its secret, shown this once."""
    return account.begin_app(uow(), actor())


@own.route("/app/confirm", methods=["POST"], auth=Auth.CONSOLE, actions=(account.ENROL,))
@own.arguments(ConfirmAppSchema)
@own.response(200, ConfirmedAppSchema)
def confirm_app(body: dict[str, Any]) -> dict[str, Any]:
    """Take the app into use with a code of it; the session has two factors from here on."""
    secret, codes = account.confirm_app(uow(), actor(), body["enrolment"], body["code"])
    return {"token": secret, "recovery_codes": codes}


@own.route("/app", methods=["DELETE"], auth=Auth.CONSOLE, actions=(account.REMOVE,))
@own.response(204)
def delete_app() -> None:
    """Forget the app and its recovery codes."""
    account.remove_app(uow(), actor())


@own.route("/recovery-codes", methods=["POST"], auth=Auth.CONSOLE, actions=(account.ENROL,))
@own.response(201, RecoveryCodesSchema)
def create_recovery_codes() -> dict[str, Any]:
    """Ten new recovery codes; the old ones are worth nothing any more."""
    return {"recovery_codes": account.renew_recovery_codes(uow(), actor())}


@own.route(
    "/passkeys/<uuid:passkey_id>", methods=["DELETE"], auth=Auth.CONSOLE, actions=(account.REMOVE,)
)
@own.response(204)
def delete_passkey(passkey_id: UUID) -> None:
    """Forget a passkey."""
    account.remove_passkey(uow(), actor(), passkey_id)


@own.route(
    "/password", methods=["PUT"], auth=Auth.CONSOLE, actions=(account.CHANGE,), limit=8 * 1024
)
@own.arguments(ChangePasswordSchema)
@own.response(204)
def replace_password(body: dict[str, Any]) -> None:
    """Choose another password; every other session ends."""
    account.change_password(uow(), actor(), body["current"], body["new"])


@own.route("/sessions", auth=Auth.CONSOLE, actions=("identity.session.read_own",))
@own.response(200, OpenSessionsSchema)
def list_sessions() -> dict[str, Any]:
    """One's own open sessions."""
    return {"items": my_sessions.mine(uow(), actor())}


@own.route(
    "/sessions/<uuid:session_id>",
    methods=["DELETE"],
    auth=Auth.CONSOLE,
    actions=("identity.session.end_own",),
)
@own.response(204)
def delete_session(session_id: UUID) -> None:
    """End one of one's own sessions."""
    my_sessions.end(uow(), actor(), session_id)


@own.route(
    "/sessions/others",
    methods=["DELETE"],
    auth=Auth.CONSOLE,
    actions=("identity.session.end_own",),
)
@own.response(204)
def delete_other_sessions() -> None:
    """End every session of one's own but this one."""
    my_sessions.end_others(uow(), actor())


@others.route("/sessions", auth=Auth.CONSOLE, actions=(_READ_SESSIONS,))
@others.response(200, OpenSessionsSchema)
def list_sessions_of(officer_id: UUID) -> dict[str, Any]:
    """Open sessions of an officer."""
    return {"items": oversight.sessions_of(uow(), actor(), officer_id)}


@others.route("/sessions/end", methods=["POST"], auth=Auth.CONSOLE, actions=(_END_SESSIONS,))
@others.arguments(ReasonSchema)
@others.response(204)
def end_sessions_of(body: dict[str, Any], officer_id: UUID) -> None:
    """End every session of an officer."""
    oversight.end_sessions(uow(), actor(), officer_id, body["reason"])


@others.route(
    "/authenticators/reset",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("identity.officer.reset_authenticators",),
)
@others.arguments(ReasonSchema)
@others.response(204)
def reset_authenticators(body: dict[str, Any], officer_id: UUID) -> None:
    """Take an officer's lost second factors away, and end their sessions."""
    oversight.reset(uow(), actor(), officer_id, body["reason"])
