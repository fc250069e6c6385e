"""Refusals of this room."""

from muster.kernel.errors import Conflict, DomainError
from muster.kernel.guard.errors import Denied


class SecondFactorRequired(Denied):
    code = "second_factor_required"
    title = "A password alone opens nothing here. Add a passkey or an authenticator app first."


class PasskeyRefused(DomainError):
    code, status = "passkey_refused", 400
    title = "This passkey was not accepted. Try again, or use another way in."


class CeremonyOver(DomainError):
    code, status = "ceremony_over", 400
    title = "This took longer than five minutes, or was answered already. Start again."


class CodeRefused(DomainError):
    code, status = "code_refused", 422
    title = "This code is not right, or was used before. Wait for the next one."


class LastAuthenticator(Conflict):
    code = "last_authenticator"
    title = "This is the last second factor. Add another one before you remove it."
