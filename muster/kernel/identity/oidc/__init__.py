"""The force's own OpenID provider: officers with an account there sign in here with it.

OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), and Back-Channel Logout 1.0. A provider
says who somebody is; that there is an account for them, and what it may, is decided here alone:
nobody is made by signing in. `provider.py` talks to it, `id_token.py` and `logout.py` judge what it
signs, `links.py` knows whose account a subject is, `flow.py` is the way of a sign-in.
"""

from muster.kernel.identity.oidc.flow import CALLBACK, LIFE, Finished, Started, begin, finish
from muster.kernel.identity.oidc.logout import end_sessions
from muster.kernel.identity.oidc.provider import State, state

__all__ = [
    "CALLBACK",
    "LIFE",
    "Finished",
    "Started",
    "State",
    "begin",
    "end_sessions",
    "finish",
    "state",
]
