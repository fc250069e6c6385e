"""Refusals of the authorization endpoint and its neighbours, by the RFCs' own codes."""

from muster.kernel.errors import DomainError


class InvalidRequestUri(DomainError):
    code, status = "invalid_request_uri", 400
    title = "This sign-in has expired or was used before. Go back to the app and start again."


class AccessDenied(DomainError):
    code, status = "access_denied", 400
    title = "This terminal is not enrolled, or out of service."


class UnsupportedResponseType(DomainError):
    code, status = "unsupported_response_type", 400
    title = "Only the response type `code` is offered."


class RequestNotSupported(DomainError):
    code, status = "request_not_supported", 400
    title = "Signed request objects are not offered; push the parameters themselves (RFC 9126)."
