"""Refusals about certificates; those of a presented one say 401, for it is a way to sign in."""

from muster.kernel.errors import Conflict, DomainError, InvalidInput, NotFound


class CertificateNotFound(NotFound):
    code = "certificate_not_found"
    title = "There is no such certificate, or not for you."


class AuthorityNotFound(NotFound):
    code = "certificate_authority_not_found"
    title = "There is no such issuing CA."


class AuthorityMissing(DomainError):
    code, status = "certificate_authority_missing", 503
    title = "No issuing CA is installed, so no certificate can be given. Ask your administrators."


class ChainRefused(InvalidInput):
    code = "certificate_chain_refused"
    title = "This chain is not one that an issuing CA of ours can stand on."


class RequestRefused(InvalidInput):
    code = "certificate_request_refused"
    title = "This certificate request cannot be honoured."


class UnprovedRequest(RequestRefused):
    """It cannot be read, or its signature does not hold: whoever sent it proved nothing."""


class KeyOfAnother(Conflict):
    code = "certificate_key_known"
    title = "Another terminal has a certificate for this key. Make a new key on the terminal."


class AlreadyRevoked(Conflict):
    code = "certificate_already_ended"
    title = "This certificate no longer holds."


class NotInService(Conflict):
    code = "certificate_device_not_in_service"
    title = "This terminal is out of service; it gets no certificate."


class UnknownCertificate(DomainError):
    code, status = "certificate_unknown", 401
    title = "This certificate was not issued by us."


class CertificateExpired(DomainError):
    code, status = "certificate_expired", 401
    title = "This certificate is outside of its dates. Renew it by the agent."


class CertificateRevoked(DomainError):
    code, status = "certificate_revoked", 401
    title = "This certificate was revoked."


class CertificateSuperseded(DomainError):
    code, status = "certificate_superseded", 401
    title = "This certificate belongs to an earlier standing of the terminal, or was renewed."
