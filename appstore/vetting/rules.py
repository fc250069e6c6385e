"""The vetting rules as data: what each looks for, what finding it means, and why. Pure.

A rule's `find` returns evidence; none means that the release passes it. Start with `RULES`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from appstore.apk import ApkFacts
from appstore.vetting.permissions import PRIVILEGED, is_risky

Verdict = Literal["pass", "warn", "block"]
Evidence = tuple[str, ...]


@dataclass(frozen=True)
class Standard:
    """The measures that rules apply; Android 14 itself refuses targets below 23."""

    target_sdk: int = 30
    rsa_bits: int = 2048
    ec_bits: int = 256
    growth_percent: int = 50


@dataclass(frozen=True)
class Past:
    """What the store knows of the app when a release comes in.

    `pins` are its signing certificates, oldest first; updates come from the last one or a proven
    successor. `highest` is the highest version code ever approved, 0 for none; `in_review` are
    those that wait. `previous` is the newest approved release.
    """

    pins: tuple[str, ...] = ()
    owned: bool = True
    highest: int = 0
    in_review: frozenset[int] = frozenset()
    retired: bool = False
    previous: ApkFacts | None = None


Find = Callable[[ApkFacts, Past, Standard], Evidence]


@dataclass(frozen=True)
class Rule:
    """One rule: a stable code, what a finding means, and a sentence for the publisher."""

    code: str
    verdict: Verdict
    title: str
    find: Find


def _signer(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    if not past.pins or past.pins[-1] == now.signer_sha256 or past.pins[-1] in now.lineage[:-1]:
        return ()
    return (f"signed by {now.signer_sha256}", f"pinned is {past.pins[-1]}")


def _owner(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    return () if past.owned else (now.package,)


def _version(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    if now.version_code > past.highest:
        return ()
    return (f"version code {now.version_code}", f"highest approved is {past.highest}")


def _in_review(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    return (f"version code {now.version_code}",) if now.version_code in past.in_review else ()


def _retired(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    return (f"sha256 {now.sha256}",) if past.retired else ()


def _debuggable(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return ("android:debuggable=true",) if now.debuggable else ()


def _test_only(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return ("android:testOnly=true",) if now.test_only else ()


def _target(now: ApkFacts, _: Past, standard: Standard) -> Evidence:
    if now.target_sdk >= standard.target_sdk:
        return ()
    return (f"targets {now.target_sdk}", f"the floor is {standard.target_sdk}")


def _weak_key(now: ApkFacts, _: Past, standard: Standard) -> Evidence:
    floor = standard.rsa_bits if now.key_kind == "RSA" else standard.ec_bits
    return () if now.key_bits >= floor else (f"{now.key_kind} with {now.key_bits} bits",)


def _debug_certificate(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return (now.signer_subject,) if "CN=Android Debug" in now.signer_subject else ()


def _permissions(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous.permissions if past.previous else ()
    return tuple(sorted(name for name in set(now.permissions) - set(before) if is_risky(name)))


def _roles(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous.guarding_permissions if past.previous else ()
    taken = set(now.guarding_permissions) - set(before)
    return tuple(sorted(PRIVILEGED[name] for name in taken if name in PRIVILEGED))


def _exported(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous.exported_components if past.previous else ()
    return tuple(sorted(set(now.exported_components) - set(before)))


def _links(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    before = past.previous.deep_links if past.previous else ()
    return tuple(sorted(set(now.deep_links) - set(before)))


def _cleartext(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    newly = now.cleartext and not (past.previous and past.previous.cleartext)
    return ("unencrypted HTTP is allowed",) if newly else ()


def _backup(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return ("android:allowBackup=true",) if now.allow_backup else ()


def _shared_user(now: ApkFacts, _: Past, __: Standard) -> Evidence:
    return (now.shared_user_id,) if now.shared_user_id else ()


def _processors(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    """No native code runs everywhere, so the first native code may lose processors as well."""
    if past.previous is None or not now.native_abis:
        return ()
    if not past.previous.native_abis:
        return (f"runs on {', '.join(now.native_abis)} only",)
    return tuple(sorted(set(past.previous.native_abis) - set(now.native_abis)))


def _growth(now: ApkFacts, past: Past, standard: Standard) -> Evidence:
    before = past.previous.size if past.previous else now.size
    if now.size * 100 <= before * (100 + standard.growth_percent):
        return ()
    return (f"{before} bytes before", f"{now.size} bytes now")


def _rotation(now: ApkFacts, past: Past, _: Standard) -> Evidence:
    rotated = past.pins and past.pins[-1] != now.signer_sha256 and past.pins[-1] in now.lineage
    return (f"{past.pins[-1]} hands over to {now.signer_sha256}",) if rotated else ()


RULES: Final = (
    Rule("signer_not_pinned", "block", "Signed by a key that is not this app's.", _signer),
    Rule("package_of_another_publisher", "block", "The package belongs to others.", _owner),
    Rule("version_code_not_higher", "block", "The version code must rise.", _version),
    Rule("version_code_in_review", "block", "This version code is in review already.", _in_review),
    Rule("content_retired", "block", "This very file was retired or blocked.", _retired),
    Rule("debuggable", "block", "A debuggable app gives its data away.", _debuggable),
    Rule("test_only", "block", "A test build cannot be installed.", _test_only),
    Rule("target_sdk_too_low", "block", "Built for an Android that is too old.", _target),
    Rule("weak_key", "block", "The signing key is too weak.", _weak_key),
    Rule("debug_certificate", "block", "Signed with Android's debug key.", _debug_certificate),
    Rule("signer_rotated", "warn", "The signing key changed, with proof.", _rotation),
    Rule("permissions_added", "warn", "New permissions that weigh.", _permissions),
    Rule("roles_added", "warn", "New power over the terminal.", _roles),
    Rule("components_exported", "warn", "Newly open to other apps.", _exported),
    Rule("deep_links_added", "warn", "Newly answers to links.", _links),
    Rule("cleartext_allowed", "warn", "Newly allows unencrypted traffic.", _cleartext),
    Rule("backup_allowed", "warn", "Its data may leave by backup.", _backup),
    Rule("shared_user", "warn", "Shares its user, and so its data, with other apps.", _shared_user),
    Rule("processors_lost", "warn", "No longer runs on some processors.", _processors),
    Rule("size_jumped", "warn", "Much larger than the release before.", _growth),
)
