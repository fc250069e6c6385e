"""Each rule finds what it is for, names its evidence, and leaves a decent release alone."""

from dataclasses import replace
from typing import Any

import pytest

from appstore.apk import ApkFacts
from appstore.vetting import RULES, Past, Standard, blocks, compare, judge, sensitive
from appstore.vetting.rules import version_of

OLD, NEW, FOREIGN = "aa" * 32, "bb" * 32, "cc" * 32
LISTENER = "android.permission.BIND_NOTIFICATION_LISTENER_SERVICE"

GOOD = ApkFacts(
    package="city.muster.notes",
    version_code=7,
    version_name="1.7",
    label="Notes",
    label_zh="",
    icon="",
    min_sdk=26,
    target_sdk=34,
    permissions=("android.permission.CAMERA",),
    max_sdk_by_permission={},
    features=(),
    native_abis=(),
    debuggable=False,
    test_only=False,
    allow_backup=False,
    cleartext=False,
    shared_user_id="",
    exported_components=("city.muster.notes.Main",),
    guarding_permissions=(),
    deep_links=("https://notes.example",),
    signer_sha256=OLD,
    signer_subject="CN=Publisher",
    key_kind="EC",
    key_bits=256,
    schemes=("v2", "v3"),
    lineage=(),
    sha256="dd" * 32,
    size=1000,
)
PAST = Past(pins=(OLD,), highest=6, previous=GOOD)


def found(past: Past = PAST, **changes: Any) -> dict[str, str]:
    checks = judge(replace(GOOD, **changes), past)
    return {check.rule: check.verdict for check in checks if check.verdict != "pass"}


def test_a_decent_update_passes_every_rule() -> None:
    assert found() == {}
    assert [check.rule for check in judge(GOOD, PAST)] == [rule.code for rule in RULES]


BLOCKED = [
    ("signer_not_pinned", PAST, {"signer_sha256": FOREIGN}),
    ("kind_changed", replace(PAST, kind="web"), {}),
    ("package_of_another_publisher", replace(PAST, owned=False), {}),
    ("version_code_not_higher", replace(PAST, highest=7), {}),
    ("version_code_in_review", replace(PAST, in_review=frozenset({7})), {}),
    ("content_retired", replace(PAST, retired=True), {}),
    ("debuggable", PAST, {"debuggable": True}),
    ("test_only", PAST, {"test_only": True}),
    ("target_sdk_too_low", PAST, {"target_sdk": 29}),
    ("weak_key", PAST, {"key_kind": "RSA", "key_bits": 1024}),
    ("weak_key", PAST, {"key_bits": 224}),
    ("debug_certificate", PAST, {"signer_subject": "C=US,O=Android,CN=Android Debug"}),
]


@pytest.mark.parametrize(("rule", "past", "changes"), BLOCKED)
def test_what_blocks(rule: str, past: Past, changes: dict[str, Any]) -> None:
    assert found(past, **changes) == {rule: "block"}


REVIEWED = [
    ("permissions_added", {"permissions": (*GOOD.permissions, "android.permission.READ_SMS")}),
    ("permissions_added", {"permissions": ("android.permission.SYSTEM_ALERT_WINDOW",)}),
    ("roles_added", {"guarding_permissions": (LISTENER,)}),
    ("components_exported", {"exported_components": ("city.muster.notes.Door",)}),
    ("deep_links_added", {"deep_links": ("https://other.example",)}),
    ("cleartext_allowed", {"cleartext": True}),
    ("network_security_changed", {"network_security": "ee" * 32}),
    ("user_certificates_trusted", {"trusts_user_certificates": True}),
    ("backup_allowed", {"allow_backup": True}),
    ("shared_user", {"shared_user_id": "android.uid.city"}),
    ("processors_lost", {"native_abis": ("arm64-v8a",)}),
    ("size_jumped", {"size": 1501}),
]


@pytest.mark.parametrize(("rule", "changes"), REVIEWED)
def test_what_a_second_person_must_look_at(rule: str, changes: dict[str, Any]) -> None:
    assert found(**changes) == {rule: "warn"}


def test_what_was_there_before_is_not_news() -> None:
    risky = replace(
        GOOD,
        permissions=("android.permission.READ_SMS",),
        guarding_permissions=(LISTENER,),
        cleartext=True,
    )
    assert judge(risky, replace(PAST, previous=risky)) == judge(GOOD, PAST)


def test_harmless_permissions_are_no_news() -> None:
    assert found(permissions=("android.permission.INTERNET",)) == {}


def test_a_first_release_may_be_signed_by_anybody() -> None:
    assert blocks(judge(replace(GOOD, signer_sha256=FOREIGN), Past())) == []


def test_a_proven_successor_may_sign_and_the_approver_is_told() -> None:
    assert found(signer_sha256=NEW, lineage=(OLD, NEW)) == {"signer_rotated": "warn"}


def test_the_key_before_a_rotation_signs_no_more() -> None:
    rotated = replace(PAST, pins=(OLD, NEW))
    assert found(rotated) == {"signer_not_pinned": "block"}


def test_a_lineage_that_does_not_come_from_the_pinned_key_proves_nothing() -> None:
    verdicts = found(signer_sha256=NEW, lineage=(FOREIGN, NEW))
    assert verdicts == {"signer_not_pinned": "block"}


def test_the_measures_are_the_operators() -> None:
    strict = Standard(target_sdk=35, growth_percent=0)
    assert blocks(judge(GOOD, PAST, standard=strict))[0].evidence == (
        "targets 34",
        "the floor is 35",
    )


SENSITIVE = [
    (PAST, {}, False),
    (PAST, {"deep_links": ("https://other.example",), "allow_backup": True}, False),
    (PAST, {"permissions": ("android.permission.READ_SMS",)}, True),
    (PAST, {"signer_sha256": NEW, "lineage": (OLD, NEW)}, True),
    (PAST, {"exported_components": ("city.muster.notes.Door",)}, True),
    (Past(), {"permissions": ()}, False),
    (Past(), {"permissions": (), "guarding_permissions": (LISTENER,)}, True),
]


@pytest.mark.parametrize(("past", "changes", "expected"), SENSITIVE)
def test_power_asks_for_a_second_approver(
    past: Past, changes: dict[str, Any], expected: bool
) -> None:
    assert sensitive(judge(replace(GOOD, **changes), past)) is expected


def test_a_block_that_was_waived_asks_for_a_second_approver() -> None:
    (waived,) = blocks(judge(replace(GOOD, debuggable=True), PAST))
    assert sensitive([replace(waived, verdict="warn")])


def test_another_rule_or_measure_is_another_rule_set() -> None:
    names = [version_of(RULES, Standard()), version_of(RULES, Standard(target_sdk=35))]
    lenient = tuple(replace(rule, verdict="warn") for rule in RULES)
    assert len({*names, version_of(lenient, Standard()), version_of(RULES[1:], Standard())}) == 4


def test_permissions_are_compared_new_ones_first() -> None:
    changes = compare(["a", "android.permission.CAMERA"], ["a", "android.permission.READ_SMS"])
    assert [(c.name, c.change, c.dangerous) for c in changes] == [
        ("android.permission.READ_SMS", "added", True),
        ("android.permission.CAMERA", "removed", True),
        ("a", "same", False),
    ]
