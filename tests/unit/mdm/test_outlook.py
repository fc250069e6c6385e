"""What compliance would say under other values, before they are published."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mdm.compliance.judge import Known
from mdm.compliance.rules import Rule
from mdm.configuration.outlook import judged, outlook

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULES = (
    Rule("required_app_missing", "required_apps_missing", "at_most", 0),
    Rule("forbidden_app_installed", "forbidden_apps_installed", "at_most", 0),
)
PACKAGES = st.sets(st.sampled_from(["a.a", "b.b", "c.c", "d.d"]))


def known(installed: set[str]) -> Known:
    return Known(
        posture={"encrypted": True},
        software={package: {"version_code": 1, "version": "1"} for package in installed},
        patch_level=None,
        agent_version="1.0.0",
        desired_hash="",
        applied_hash="",
        desired_at=None,
    )


@given(PACKAGES.filter(bool), PACKAGES, PACKAGES)
def test_a_terminal_fails_by_what_is_missing_and_by_what_is_forbidden(
    installed: set[str], required: set[str], blocked: set[str]
) -> None:
    values = {"apps": {"required": sorted(required), "blocked": sorted(blocked)}}
    verdict = outlook(known(installed), values, RULES, NOW)
    expected = set()
    if required - installed:
        expected.add("required_app_missing")
    if blocked & installed:
        expected.add("forbidden_app_installed")
    assert set(verdict.reasons) == expected
    assert verdict.compliant is (not expected)


def test_only_keys_that_rules_look_at_are_judged() -> None:
    assert judged(["camera", "apps.blocked"])
    assert not judged(["camera", "lock_message"])
