"""Refusals of sign-ins by the force's provider."""

from muster.kernel.errors import DomainError


class ProviderRefused(DomainError):
    """`reason` is a stable word for logs."""

    code, status = "provider_refused", 403
    title = "Signing in with the force's provider did not work. Begin again."

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(detail, reason=reason)
        self.reason = reason


class ProviderAway(DomainError):
    code, status = "provider_away", 503
    title = "The force's provider does not answer. Use another way in, or try again in a moment."


class LogoutTokenRefused(DomainError):
    """OpenID Connect Back-Channel Logout 1.0 §2.8: a 400 with `invalid_request`."""

    code, status = "invalid_logout_token", 400
    title = "This logout token is not valid here."
