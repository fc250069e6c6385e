"""What inspection finds out about an APK."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class ApkFacts:
    """The facts of one verified APK; every tuple is free of duplicates.

    Where a value varies by device configuration, booleans hold the most permissive variant.
    """

    package: str
    version_code: int
    """The long version code: versionCodeMajor in the upper 32 bits."""
    version_name: str
    label: str
    label_zh: str
    """The Chinese label; empty when the app has none."""
    icon: str
    """Path of the launcher icon inside the APK (PNG or WebP, densest); empty when none."""
    min_sdk: int
    target_sdk: int
    permissions: tuple[str, ...]
    max_sdk_by_permission: dict[str, int]
    """Permissions that are only requested up to an Android version."""
    features: tuple[str, ...]
    native_abis: tuple[str, ...]
    """Empty: the app has no native code and runs on every processor."""
    debuggable: bool
    test_only: bool
    allow_backup: bool
    cleartext: bool
    """Whether unencrypted HTTP is allowed by the manifest or by its default."""
    shared_user_id: str
    exported_components: tuple[str, ...]
    """Class names other apps can call without holding any permission."""
    guarding_permissions: tuple[str, ...]
    """What components demand of callers; android.permission.BIND_* tells their privileged role."""
    deep_links: tuple[str, ...]
    """scheme://host pairs the app answers to."""
    signer_sha256: str
    """Lower-case hex SHA-256 of the signing certificate newest Android versions see."""
    signer_subject: str
    key_kind: str
    key_bits: int
    schemes: tuple[str, ...]
    """Verified ones, of "v2", "v3", "v3.1"."""
    lineage: tuple[str, ...]
    """Certificates the signer proves to succeed, sha256 hex, oldest first, itself last."""
    sha256: str
    size: int
    labels: dict[str, str] = field(default_factory=dict)
    """The label by language tag (RFC 5646), as far as it differs from the default by language."""
    permissions_sdk_23: tuple[str, ...] = ()
    """Those of `permissions` that are asked from Android 6 on only."""
    restrictions: tuple[dict[str, Any], ...] = ()
    """Managed configurations: `{key, type, title, description, default, choices, nested}`."""
    network_security: str = ""
    """SHA-256 of the network security configuration; empty when the app has none."""
    trusts_user_certificates: bool = False
    """Whether it trusts certificate authorities that somebody added to the terminal."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The facts from their JSON form, which may be from before the later fields were known."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
        return cls(**plain)
