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
        "Your device admin must retire or wipe that one first, or give a token that replaces it."
    )


class NothingToReplace(Conflict):
    code = "nothing_to_replace"
    title = "Only a terminal that is enrolled can be replaced. Use an ordinary token."


class ReplacesAnother(Conflict):
    code = "token_replaces_another"
    title = "This token brings back one terminal, and its serial number is another one."


class SerialNotListed(DomainError):
    code, status = "serial_not_listed", 403
    title = "This terminal's serial number is not on the list of this token. Ask your device admin."


class SerialUsed(DomainError):
    code, status = "serial_used", 403
    title = "This serial number has come in with this token already. Ask for a token of its own."


class CodeTooLarge(DomainError):
    code, status = "enrolment_code_too_large", 422
    title = "No QR code holds this much. Give certificates by their address instead of in full."


class AwaitingApproval(DomainError):
    code, status = "awaiting_approval", 403
    title = "A device admin must let this terminal in first. Until then it may only check in."


class NotAwaiting(Conflict):
    code = "not_awaiting_approval"
    title = "This terminal does not wait to be let in. Look at how it stands now."


class PreRegistrationNotFound(NotFound):
    code = "pre_registration_not_found"
    title = "There is no such pre-registration, or not for you."


class ParentNotInService(DomainError):
    code, status = "companion_parent_not_in_service", 403
    title = "The terminal that this code came from is out of service. Ask your device admin."
