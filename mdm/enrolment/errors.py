"""Refusals at the door where terminals come in."""

from muster.kernel.errors import Conflict, DomainError, NotFound


class TokenNotFound(NotFound):
    code = "enrolment_token_not_found"
    title = "There is no such enrolment token, or not for you."


class TokenInvalid(DomainError):
    code, status = "enrolment_token_invalid", 403
    title = "This enrolment token is not one of ours. Scan the code again or ask your device admin."


class TokenExpired(DomainError):
    code, status = "enrolment_token_expired", 403
    title = "This enrolment token has expired. Ask your device admin for a new one."


class TokenRevoked(DomainError):
    code, status = "enrolment_token_revoked", 403
    title = "This enrolment token was revoked. Ask your device admin for a new one."


class TokenUsed(DomainError):
    code, status = "enrolment_token_used", 403
    title = "This enrolment token has been used by another terminal. Ask for a new one."


class DeviceKeyKnown(Conflict):
    code = "device_key_known"
    title = "This key belongs to an earlier enrolment. Make a new key on the terminal."


class DeviceAlreadyEnrolled(Conflict):
    code = "device_already_enrolled"
    title = (
        "A terminal with this serial number is enrolled. "
        "Your device admin must retire or wipe that one first."
    )
