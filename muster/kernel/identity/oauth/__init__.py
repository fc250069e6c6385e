"""The authorization server for field apps: OAuth 2.1 with PAR, PKCE and DPoP.

Start with `tokens.py` (the token endpoint) and `authorization.py` (how another way to sign in
finishes an authorization that an app began). `par.py` takes requests, `redeeming.py` codes,
`introspection.py` answers other servers; `answers.py` has the forms and errors of RFC 6749. Routes
live in `identity/routes/oauth.py`, the page officers see in `admin_ui/pages/authorize.py`.
"""

from muster.kernel.identity.oauth import authorization, redirects
from muster.kernel.identity.oauth.authorization import Pending
from muster.kernel.identity.oauth.errors import AccessDenied, InvalidRequestUri
from muster.kernel.identity.oauth.metadata import CERTIFICATE_GRANT

__all__ = [
    "CERTIFICATE_GRANT",
    "AccessDenied",
    "InvalidRequestUri",
    "Pending",
    "authorization",
    "redirects",
]
