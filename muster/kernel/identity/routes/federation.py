"""Where the force's OpenID provider says that somebody signed out (Back-Channel Logout 1.0 §2.5)."""

from flask import Response, jsonify, request

from muster.kernel.errors import DomainError
from muster.kernel.identity import oidc
from muster.kernel.identity.oidc.errors import LogoutTokenRefused
from muster.kernel.identity.routes import oauth_forms as forms
from muster.kernel.web import Auth, Blueprint, Mode, actor, kernel

blp = Blueprint(
    "federation",
    __name__,
    audience="field",
    description="What the force's OpenID provider tells",
)

_LIMIT = 32 * 1024
_FORM = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["logout_token"],
                "properties": {"logout_token": {"type": "string"}},
            }
        }
    },
}


@blp.route(
    "/oauth/backchannel-logout", methods=["POST"], auth=Auth.OPEN, mode=Mode.READS, limit=_LIMIT
)
@blp.doc(requestBody=_FORM, responses=forms.answers(media=""))
def backchannel_logout() -> Response:
    """End the sessions that the provider's session opened here."""
    try:
        origin = actor().origin
        kernel().limits.hit("oidc.logout", origin.address, 600, 60)
        given = request.form.getlist("logout_token")
        if len(given) != 1:
            raise LogoutTokenRefused("Send exactly one logout_token.")
        oidc.end_sessions(kernel(), given[0], origin)
    except DomainError as error:
        code = "invalid_request" if error.status < 500 and error.status != 429 else error.code
        refused = jsonify({"error": code, "error_description": error.detail})
        refused.status_code = error.status
        refused.headers.update(error.headers)
        return refused
    return Response(status=200)
