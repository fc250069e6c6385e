"""From facts to verdict."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.compliance.judge import Attested, Known, facts, judge, version_key
from mdm.compliance.rules import DEFAULTS
from mdm.compliance.sentences import sentences

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
GOOD = Known(
    posture={"encrypted": True, "passcode_set": True, "rooted": False, "usb_debugging": False},
    patch_level=date(2026, 4, 1),
    agent_version="1.2.0",
    desired_hash="sha256:a",
    applied_hash="sha256:a",
    desired_at=NOW - timedelta(days=30),
)


def reasons(known: Known, at: datetime = NOW) -> tuple[str, ...]:
    return judge(known, DEFAULTS, at).reasons


def test_a_terminal_with_nothing_wrong_is_compliant() -> None:
    verdict = judge(GOOD, DEFAULTS, NOW)
    assert (verdict.tier, verdict.reasons, verdict.compliant) == (2, (), True)


def test_a_terminal_that_never_reported_is_not() -> None:
    verdict = judge(replace(GOOD, posture={}), DEFAULTS, NOW)
    assert (verdict.tier, verdict.reasons) == (1, ("never_reported",))


def test_a_verified_key_makes_a_compliant_terminal_an_attested_one_and_no_other() -> None:
    verified = Attested("verified", NOW.date())
    assert judge(replace(GOOD, attested=verified), DEFAULTS, NOW).tier == 3
    rooted = replace(GOOD, attested=verified, posture=GOOD.posture | {"rooted": True})
    assert judge(rooted, DEFAULTS, NOW).tier == 1
    assert judge(replace(GOOD, attested=verified, posture={}), DEFAULTS, NOW).tier == 1


def test_a_failed_key_blocks_and_an_unknown_one_is_for_whoever_sets_the_rules() -> None:
    failed = judge(replace(GOOD, attested=Attested("failed")), DEFAULTS, NOW)
    assert (failed.tier, failed.reasons) == (1, ("attestation_failed",))
    strict = [replace(rule, enabled=True) for rule in DEFAULTS]
    assert judge(GOOD, strict, NOW).reasons == ("not_attested",)
    old = Attested("verified", NOW.date() - timedelta(days=366))
    assert judge(replace(GOOD, attested=old), strict, NOW).reasons == ("attested_patch_too_old",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"patch_level": NOW.date() - timedelta(days=121)}, "patch_too_old"),
        ({"patch_level": None}, "patch_too_old"),
        ({"agent_version": "0.99.9"}, "agent_too_old"),
        ({"agent_version": ""}, "agent_too_old"),
        ({"agent_version": "next"}, "agent_too_old"),
        ({"applied_hash": ""}, "configuration_not_applied"),
        ({"applied_hash": "sha256:b"}, "configuration_not_applied"),
        ({"desired_hash": "", "applied_hash": ""}, "configuration_not_applied"),
    ],
)
def test_each_fault_is_named(change: dict[str, object], reason: str) -> None:
    assert reasons(replace(GOOD, **change)) == (reason,)


def test_a_patch_of_exactly_the_allowed_age_passes() -> None:
    assert reasons(replace(GOOD, patch_level=NOW.date() - timedelta(days=120))) == ()


def test_a_new_configuration_may_take_a_day() -> None:
    lagging = replace(GOOD, desired_hash="sha256:b", desired_at=NOW)
    assert reasons(lagging, NOW + timedelta(hours=24)) == ()
    assert reasons(lagging, NOW + timedelta(hours=25)) == ("configuration_not_applied",)


def test_a_disabled_rule_is_silent_and_a_warning_blocks_nothing() -> None:
    rooted = replace(GOOD, posture={**GOOD.posture, "rooted": True})
    for change, tier, told in (
        ({"enabled": False}, 2, ()),
        ({"action": "warn"}, 2, ("rooted",)),
        ({}, 1, ("rooted",)),
    ):
        rules = [replace(rule, **change) if rule.id == "rooted" else rule for rule in DEFAULTS]
        verdict = judge(rooted, rules, NOW)
        assert (verdict.tier, verdict.reasons) == (tier, told)


@given(
    st.dictionaries(
        st.sampled_from(["encrypted", "passcode_set", "rooted", "usb_debugging"]),
        st.one_of(st.none(), st.booleans()),
    )
)
def test_leaving_a_fact_out_never_helps(posture: dict[str, bool | None]) -> None:
    known = replace(GOOD, posture={**GOOD.posture, **posture})
    for name in known.posture:
        less = replace(known, posture={k: v for k, v in known.posture.items() if k != name})
        assert set(reasons(less)) >= set(reasons(known))


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4), st.integers(0, 3))
def test_trailing_zeros_of_a_version_mean_nothing(parts: list[int], zeros: int) -> None:
    text = ".".join(map(str, parts))
    assert version_key(text) == version_key(text + ".0" * zeros)


def test_versions_compare_by_number() -> None:
    assert version_key("1.10") > version_key("1.9.9")
    assert version_key("2.0-rc1") == (2,)


def test_the_lag_is_zero_once_applied_however_old() -> None:
    assert facts(GOOD, NOW)["configuration_lag_hours"] == 0


@pytest.mark.parametrize(
    "reason", ["never_reported", "wipe_pending", *(rule.id for rule in DEFAULTS)]
)
def test_every_reason_has_a_sentence_in_both_languages(reason: str) -> None:
    told = sentences(reason)
    assert told["en"] not in ("", reason)
    assert told["zh"] not in ("", reason, told["en"])
