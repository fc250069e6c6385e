"""Refusals of certificates, of what issues them, and of lists that revoke them."""

from muster.kernel.errors import DomainError


class CertificateRefused(DomainError):
    """`reason` is a stable word for logs; the sentence tells the holder what to do."""

    code, status = "certificate_refused", 403
    title = "This personal certificate does not let you in."

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail, reason=reason)
        self.reason = reason


class CertificateMissing(DomainError):
    code, status = "certificate_missing", 403
    title = "No personal certificate was shown. Insert the card, then try again."


class UntrustedFile(DomainError):
    code, status = "untrusted_file", 422
    title = "The file holds no certificate or revocation list that can be taken."
