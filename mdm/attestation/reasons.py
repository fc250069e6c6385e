"""Why an attestation did not verify: stable words for API, timeline, console and policy."""

from typing import Final, Literal, get_args

Result = Literal["verified", "failed", "unknown"]
Unknown = Literal[
    "never_attested",
    "no_chain",
    "software_only",
    "expired",
    "no_roots",
    "no_status_list",
    "no_agents",
]
Reason = Literal[
    "malformed",
    "chain_too_large",
    "chain_too_short",
    "chain_extended",
    "statement_missing",
    "statement_repeated",
    "root_unknown",
    "names_differ",
    "signature_invalid",
    "not_yet_valid",
    "certificate_expired",
    "revoked",
    "key_differs",
    "level_differs",
    "key_imported",
    "any_application",
    "no_root_of_trust",
    "bootloader_unlocked",
    "boot_not_verified",
    "application_unknown",
    "serial_differs",
    "imei_differs",
]
REASONS: Final[tuple[str, ...]] = (*get_args(Unknown), *get_args(Reason))
