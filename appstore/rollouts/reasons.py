"""Why an installation did not happen, in codes that programs compare and people are told of."""

from typing import Final

NAMES: Final = (
    "hash_mismatch",
    "signer_mismatch",
    "download_refused",
    "storage_full",
    "incompatible",
    "split_missing",
    "user_declined",
    "policy_forbids",
    "network",
    "charging",
    "battery",
    "window",
    "outbox_not_empty",
    "other",
)


def known(reason: str) -> str:
    """Return a reason a terminal gives, `other` for one that this version does not know."""
    return reason if not reason or reason in NAMES else "other"
