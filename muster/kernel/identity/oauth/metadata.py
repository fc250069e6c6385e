"""What the authorization server says of itself (RFC 8414): only what is true."""

from typing import Any, Final

from muster.kernel.guard import SCOPES

PIN_GRANT: Final = "urn:passmuster:oauth:grant:officer-pin"
CERTIFICATE_GRANT: Final = "urn:passmuster:oauth:grant:personal-certificate"
GRANTS: Final = ("authorization_code", "refresh_token", PIN_GRANT, CERTIFICATE_GRANT)
SERVER_AUTH: Final = "private_key_jwt"


def metadata(origin: str, certificate_origin: str = "") -> dict[str, Any]:
    """Return the metadata document of the server at this origin.

    `certificate_origin` is the listener that asks for certificates (RFC 8705 §5), if there is one.
    """
    aliases = {"token_endpoint": f"{certificate_origin}/oauth/token"}
    return {
        **({"mtls_endpoint_aliases": aliases} if certificate_origin else {}),
        "issuer": origin,
        "authorization_endpoint": f"{origin}/oauth/authorize",
        "pushed_authorization_request_endpoint": f"{origin}/oauth/par",
        "require_pushed_authorization_requests": True,
        "token_endpoint": f"{origin}/oauth/token",
        "revocation_endpoint": f"{origin}/oauth/revoke",
        "introspection_endpoint": f"{origin}/oauth/introspect",
        "jwks_uri": f"{origin}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "introspection_endpoint_auth_methods_supported": [SERVER_AUTH],
        "introspection_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": True,
        "dpop_signing_alg_values_supported": ["ES256"],
        "ui_locales_supported": ["en", "zh-Hans"],
    }
