"""The vetting rules as data: what each looks for, what finding it means, and why. Pure.

A rule's `find` returns evidence; none means that the release passes it. Start with `RULES`.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

from appstore.apk import ApkFacts
from appstore.vetting import findings
from appstore.vetting.measures import Evidence, Past, Standard

Verdict = Literal["pass", "warn", "block"]
Find = Callable[[ApkFacts, Past, Standard], Evidence]


@dataclass(frozen=True)
class Rule:
    """One rule: a stable code, what a finding means, and a sentence for the publisher.

    `waivable`: an approver may let an app pass for a while although the rule blocks. `grave`: a
    finding needs a second approver.
    """

    code: str
    verdict: Verdict
    title: str
    find: Find
    waivable: bool = False
    grave: bool = False


def _block(code: str, title: str, find: Find, *, waivable: bool = False) -> Rule:
    return Rule(code, "block", title, find, waivable=waivable)


def _warn(code: str, title: str, find: Find, *, grave: bool = False) -> Rule:
    return Rule(code, "warn", title, find, grave=grave)


RULES: Final = (
    _block("signer_not_pinned", "Signed by a key that is not this app's.", findings.signer),
    _block("kind_changed", "The package is a web app.", findings.kind),
    _block("package_of_another_publisher", "The package belongs to others.", findings.owner),
    _block("version_code_not_higher", "The version code must rise.", findings.version),
    _block("version_code_in_review", "This version code is in review already.", findings.in_review),
    _block("content_retired", "This very file was retired or blocked.", findings.retired),
    _block(
        "debuggable", "A debuggable app gives its data away.", findings.debuggable, waivable=True
    ),
    _block("test_only", "A test build cannot be installed.", findings.only_for_tests),
    _block(
        "target_sdk_too_low",
        "Built for an Android that is too old.",
        findings.target,
        waivable=True,
    ),
    _block("weak_key", "The signing key is too weak.", findings.weak_key, waivable=True),
    _block(
        "debug_certificate",
        "Signed with Android's debug key.",
        findings.debug_certificate,
        waivable=True,
    ),
    _warn("signer_rotated", "The signing key changed, with proof.", findings.rotation, grave=True),
    _warn("permissions_added", "New permissions that weigh.", findings.permissions, grave=True),
    _warn("roles_added", "New power over the terminal.", findings.roles, grave=True),
    _warn("components_exported", "Newly open to other apps.", findings.exported, grave=True),
    _warn("deep_links_added", "Newly answers to links.", findings.links),
    _warn("cleartext_allowed", "Newly allows unencrypted traffic.", findings.cleartext, grave=True),
    _warn(
        "network_security_changed",
        "Its rules for network connections changed.",
        findings.network_security,
        grave=True,
    ),
    _warn(
        "user_certificates_trusted",
        "Newly trusts certificates that users add.",
        findings.user_certificates,
        grave=True,
    ),
    _warn("backup_allowed", "Its data may leave by backup.", findings.backup),
    _warn(
        "shared_user",
        "Shares its user, and so its data, with other apps.",
        findings.shared_user,
        grave=True,
    ),
    _warn("processors_lost", "No longer runs on some processors.", findings.processors),
    _warn("size_jumped", "Much larger than the release before.", findings.growth),
)


def version_of(rules: Sequence[Rule], standard: Standard) -> str:
    """Return the short name of a rule set: another rule, verdict or measure gives another name."""
    said = [[rule.code, rule.verdict, rule.waivable, rule.grave] for rule in rules]
    content = json.dumps([said, asdict(standard)], sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:12]


VERSION: Final = version_of(RULES, Standard())
"""The rule set in force, for the record of every verdict and every move."""
