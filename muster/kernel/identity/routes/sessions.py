"""Sessions: who am I on this terminal, sign-out, and console sign-in for programs."""

from typing import Any

from muster.kernel.identity import sessions
from muster.kernel.identity.schemas import ConsoleSessionSchema, ConsoleSignInSchema, MeSchema
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


@field.route("/me", auth=Auth.FIELD, actions=("identity.session.read_own",))
@field.response(200, MeSchema)
def read_me() -> dict[str, Any]:
    """Who am I, on which terminal, and until when."""
    who, now = actor(), uow().now()
    session = sessions.current(uow(), who)
    person = who.person
    assert person is not None
    held = {post.role for post in person.posts if post.holds(now)}
    return {
        "officer": {
            "id": person.id,
            "number": person.number,
            "name": person.name,
            "sworn": person.sworn,
            "rank": person.rank,
            "unit": person.unit,
            "roles": sorted(held),
        },
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


@console.route("", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=8 * 1024)
@console.arguments(ConsoleSignInSchema)
@console.response(201, ConsoleSessionSchema)
def create_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with number and password; send the token as `Authorization: Bearer`."""
    origin = actor().origin
    kernel().limits.hit("console.sign_in", origin.address, 20, 300)
    secret, session = sessions.sign_in_to_console(
        kernel(), body["number"], body["password"], origin
    )
    return {"token": secret, "expires_at": session.expires_at}


@console.route("/current", methods=["DELETE"], auth=Auth.CONSOLE, actions=(_OWN,))
@console.response(204)
def delete_session() -> None:
    """Sign out."""
    sessions.sign_out(uow(), actor())
