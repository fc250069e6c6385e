"""Refusals around key attestation."""

from muster.kernel.errors import DomainError, InvalidInput


class ChallengeInvalid(DomainError):
    code, status = "attestation_challenge_invalid", 403
    title = (
        "The key was made for a challenge that is not open: used, older than 15 minutes, or another "
        "terminal's. Ask for a new one and make a new key."
    )


class ListInvalid(InvalidInput):
    code = "attestation_list_invalid"
    title = "The file is not such a list. Nothing was changed."
