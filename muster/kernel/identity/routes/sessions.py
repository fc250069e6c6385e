"""Sessions: who am I on this terminal, sign-out, and console sign-in for programs."""

from typing import Any
from uuid import UUID

from muster.kernel.identity import extending, officers_secrets, sessions
from muster.kernel.identity.models import Session
from muster.kernel.identity.people_schemas import SecretChangeSchema
from muster.kernel.identity.schemas import (
    ConsoleSessionSchema,
    ConsoleSignInSchema,
    ExtendedSchema,
    ExtensionSchema,
    MeSchema,
    OfficerSessionsSchema,
    SessionQuery,
)
from muster.kernel.web import Auth, Blueprint, Mode, actor, kernel, uow

field = Blueprint(
    "me", __name__, audience="field", url_prefix="/mobile/v1", description="The officer signed in"
)
console = Blueprint(
    "sessions",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/sessions",
    description="Console sessions for programs",
)

_OWN = "identity.session.end_own"
_SEE = "identity.session.see"
_EXTEND = "identity.session.extend"


@field.route("/me", auth=Auth.FIELD, actions=("identity.session.read_own",))
@field.response(200, MeSchema)
def read_me() -> dict[str, Any]:
    """Who am I, on which terminal, and until when."""
    who, now = actor(), uow().now()
    session = sessions.current(uow(), who)
    person = who.person
    assert person is not None
    posts = [post for post in person.posts if post.holds(now)]
    return {
        "officer": {
            "id": person.id,
            "number": person.number,
            "name": person.name,
            "sworn": person.sworn,
            "rank": person.rank,
            "unit": person.unit,
            "roles": sorted({post.role for post in posts}),
            "posts": posts,
            "certifications": [
                leave.dataset for leave in person.certifications if leave.holds(now)
            ],
        },
        "must_change_pin": who.must_change,
        "terminal": who.device,
        "client": who.app.name if who.app else "",
        "session_id": session.id,
        "session_ends_at": session.expires_at,
    }


@field.route("/sign-out", methods=["POST"], auth=Auth.FIELD, actions=(_OWN,))
@field.response(204)
def sign_out() -> None:
    """End this session; its tokens are refused from the next request on."""
    sessions.sign_out(uow(), actor())


@field.route("/sessions", auth=Auth.FIELD, actions=(_SEE,))
@field.arguments(SessionQuery, location="query")
@field.response(200, OfficerSessionsSchema)
def list_officer_sessions(query: dict[str, Any]) -> dict[str, Any]:
    """List an officer's sessions, as their supervisor."""
    return {"items": extending.of_officer(uow(), actor(), query["officer"])}


@field.route(
    "/sessions/<uuid:session_id>/extend",
    methods=["POST"],
    auth=Auth.FIELD,
    actions=(_EXTEND,),
    idempotent=True,
)
@field.arguments(ExtensionSchema)
@field.response(200, ExtendedSchema)
def extend_officer_session(body: dict[str, Any], session_id: UUID) -> Session:
    """Let an officer work on past the end of the shift, as their supervisor."""
    return extending.extend(uow(), actor(), session_id, body["hours"], body["reason"])


@console.route("", auth=Auth.CONSOLE, actions=(_SEE,))
@console.arguments(SessionQuery, location="query")
@console.response(200, OfficerSessionsSchema)
def list_sessions(query: dict[str, Any]) -> dict[str, Any]:
    """List an officer's sessions in the field."""
    return {"items": extending.of_officer(uow(), actor(), query["officer"])}


@console.route("/<uuid:session_id>/extend", methods=["POST"], auth=Auth.CONSOLE, actions=(_EXTEND,))
@console.arguments(ExtensionSchema)
@console.response(200, ExtendedSchema)
def extend_session(body: dict[str, Any], session_id: UUID) -> Session:
    """Let an officer work on past the end of the shift."""
    return extending.extend(uow(), actor(), session_id, body["hours"], body["reason"])


@console.route("", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=8 * 1024)
@console.arguments(ConsoleSignInSchema)
@console.response(201, ConsoleSessionSchema)
def create_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with number and password; send the token as `Authorization: Bearer`."""
    origin = actor().origin
    kernel().limits.hit("console.sign_in", origin.address, 20, 300)
    secret, session = sessions.sign_in_to_console(
        kernel(), body["number"], body["password"], origin, body["otp"]
    )
    return {"token": secret, "expires_at": session.expires_at}


@console.route(
    "/password",
    methods=["POST"],
    auth=Auth.CONSOLE,
    mode=Mode.READS,
    actions=("identity.secret.change_own",),
)
@console.arguments(SecretChangeSchema)
@console.response(204)
def change_password(body: dict[str, Any]) -> None:
    """Choose another password; every session of yours ends, so sign in with it."""
    officers_secrets.change_own(uow(), actor(), "password", body["current"], body["new"])


@console.route("/current", methods=["DELETE"], auth=Auth.CONSOLE, actions=(_OWN,))
@console.response(204)
def delete_session() -> None:
    """Sign out."""
    sessions.sign_out(uow(), actor())
