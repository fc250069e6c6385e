"""Grace, action, deadline, escalation: time makes nothing milder, and only a report puts right."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.compliance.escalation import stage
from mdm.compliance.facts import Known, Wanted
from mdm.compliance.judge import judge
from mdm.compliance.rules import CONSEQUENCES, DEFAULTS, RANK, Rule
from mdm.compliance.sentences import told
from mdm.compliance.sound import flaws
from mdm.devices.classes import CLASSES

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
KNOWN = Known(
    posture={"encrypted": True, "passcode_set": True, "rooted": False, "usb_debugging": False},
    patch_level=date(2026, 4, 1),
    agent_version="1.2.0",
    desired_hash="sha256:a",
    applied_hash="sha256:a",
    desired_at=NOW,
    os_version="15.0",
    software={"org.passmuster.field": {}, "com.example.game": {}},
)
HOURS = st.integers(0, 24 * 30)
STEPS = Rule(
    "rooted", "rooted", "is", False, grace_hours=24, deadline_hours=168, escalation="wipe_app_data"
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A sound rule about the patch, with steps or without."""
    action: Any = draw(st.sampled_from(CONSEQUENCES))
    graver = [each for each in CONSEQUENCES if RANK[each] > RANK[action]]
    grace = draw(HOURS)
    steps: dict[str, Any] = {}
    stepped: bool = draw(st.booleans())
    if graver and stepped:
        after = grace + draw(st.integers(1, 500))
        steps = {"escalation": draw(st.sampled_from(graver)), "deadline_hours": after}
    return Rule(
        draw(st.sampled_from(["a_rule", "b_rule", "c_rule"])),
        "patch_age_days",
        "at_most",
        draw(st.integers(0, 200)),
        action=action,
        classes=tuple(draw(st.sets(st.sampled_from(CLASSES)))),
        grace_hours=grace,
        **steps,
    )


def test_it_warns_at_once_then_blocks_then_erases_app_data() -> None:
    bad = replace(KNOWN, posture={**KNOWN.posture, "rooted": True})
    seen = []
    for hours in (0, 23, 24, 167, 168, 1000):
        verdict = judge(bad, [STEPS], NOW + timedelta(hours=hours), {"rooted": NOW})
        (found,) = verdict.findings
        seen.append((hours, verdict.tier, found.action, found.then))
        assert found.since == NOW
    assert seen == [
        (0, 2, "warn", "block"),
        (23, 2, "warn", "block"),
        (24, 1, "block", "wipe_app_data"),
        (167, 1, "block", "wipe_app_data"),
        (168, 1, "wipe_app_data", None),
        (1000, 1, "wipe_app_data", None),
    ]


def test_the_officer_reads_what_happens_when() -> None:
    bad = replace(KNOWN, posture={**KNOWN.posture, "rooted": True})
    verdict = judge(bad, [STEPS], NOW)
    (said,) = told(verdict.reasons, verdict.findings, UTC)
    assert said["en"].endswith("Otherwise it is closed to officers from 2026-05-02 03:00 UTC.")
    assert said["zh"].endswith("否则自2026年05月02日03:00起将停止向警员开放。")
    own = replace(STEPS, id="mine", sentence_en="Come in.", sentence_zh="请来。", grace_hours=0)
    verdict = judge(bad, [replace(own, deadline_hours=None, escalation=None)], NOW)
    (said,) = told(verdict.reasons, verdict.findings, UTC)
    assert (said["en"], said["zh"], said["deadline"]) == ("Come in.", "请来。", None)


@given(rules(), HOURS, HOURS)
def test_time_makes_no_stage_milder_and_a_deadline_is_always_ahead(
    rule: Rule, early: int, later: int
) -> None:
    first = stage(rule, NOW, NOW + timedelta(hours=early))
    second = stage(rule, NOW, NOW + timedelta(hours=early + later))
    assert RANK[second.action] >= RANK[first.action]
    if first.deadline is not None and first.then is not None:
        assert first.deadline > NOW + timedelta(hours=early)
        assert RANK[stage(rule, NOW, first.deadline).action] >= RANK[first.then]
    assert list(flaws(rule)) == []


@given(
    st.lists(rules(), max_size=3, unique_by=lambda rule: rule.id),
    st.sampled_from(CLASSES),
    HOURS,
    HOURS,
    st.booleans(),
)
def test_without_a_report_nothing_is_ever_put_right(
    some: list[Rule], device_class: str, age: int, later: int, mended: bool
) -> None:
    known = replace(
        KNOWN, device_class=device_class, patch_level=(NOW - timedelta(days=age)).date()
    )
    first = judge(known, some, NOW)
    since = {found.id: found.since for found in first.findings}
    after = replace(known, patch_level=NOW.date()) if mended else known
    then = judge(after, some, NOW + timedelta(hours=later), since, by_clock=True)
    assert then.tier <= first.tier
    assert set(then.reasons) >= set(first.reasons)
    reached = {found.id: RANK[found.action] for found in then.findings}
    assert all(reached[found.id] >= RANK[found.action] for found in first.findings)


@given(rules(), st.sampled_from(CLASSES))
def test_a_rule_judges_its_classes_and_no_other(rule: Rule, device_class: str) -> None:
    old = replace(KNOWN, device_class=device_class, patch_level=date(2020, 1, 1))
    meant = not rule.classes or device_class in rule.classes
    assert bool(judge(old, [rule], NOW).reasons) is meant


def test_a_body_camera_has_no_screen_to_lock() -> None:
    bare = {name: value for name, value in KNOWN.posture.items() if name != "passcode_set"}
    for device_class in CLASSES:
        verdict = judge(replace(KNOWN, posture=bare, device_class=device_class), DEFAULTS, NOW)
        assert verdict.compliant is (device_class == "body_camera")


NEAR, FAR = {"lat": 31.23, "lon": 121.47, "accuracy_m": 20}, {"lat": 31.40, "lon": 121.47}
CIRCLE = ({"name": "city", "lat": 31.23, "lon": 121.47, "radius_m": 5000},)
NIGHT = ({"days": [4], "start": "22:00", "end": "06:00"},)  # 1 May 2026 is a Friday
SIM = {"slot": 0, "iccid": "8986", "number": "", "operator": ""}


@pytest.mark.parametrize(
    ("rule", "change", "fails"),
    [
        (("os_version", "version_at_least", "15"), {}, False),
        (("os_version", "version_at_most", "14"), {}, True),
        (("os_version", "one_of", ["15.0", "16"]), {}, False),
        (("os_version", "one_of", ["16"]), {}, True),
        (("apps", "has_none", ["com.example.game"]), {}, True),
        (("apps", "has_all", ["org.passmuster.field"]), {}, False),
        (("apps", "has_all", ["org.passmuster.field"]), {"software": {}}, True),
        (("required_apps_missing", "at_most", 0), {"wanted": Wanted(frozenset({"a.b"}))}, True),
        (
            ("forbidden_apps_installed", "at_most", 0),
            {"wanted": Wanted(blocked=frozenset({"com.example.game"}))},
            True,
        ),
        (("sim_changed", "is", False), {"sims": [SIM], "accepted_sims": ["8986"]}, False),
        (("sim_changed", "is", False), {"sims": [], "accepted_sims": ["8986"]}, True),
        (("outside_fence", "is", False), {"location": FAR}, False),
        (("outside_fence", "is", False), {"wanted": Wanted(geo=CIRCLE), "location": NEAR}, False),
        (("outside_fence", "is", False), {"wanted": Wanted(geo=CIRCLE), "location": FAR}, True),
        (("outside_fence", "is", False), {"wanted": Wanted(geo=CIRCLE)}, True),
        (("outside_hours", "is", False), {"wanted": Wanted(time=NIGHT)}, False),
        (
            ("outside_hours", "is", False),
            {"wanted": Wanted(time=({"days": [5], "start": "08:00", "end": "18:00"},))},
            True,
        ),
        (("silent_hours", "at_most", 24), {"last_seen": NOW - timedelta(hours=25)}, True),
    ],
)
def test_what_each_fact_means(
    rule: tuple[Any, ...], change: dict[str, Any], *, fails: bool
) -> None:
    one = Rule("one", *rule)
    known = replace(KNOWN, **change)
    assert bool(judge(known, [one], NOW).reasons) is fails
    lenient = replace(one, unknown_passes=True)
    if change == {"wanted": Wanted(geo=CIRCLE)}:
        assert judge(known, [lenient], NOW).reasons == (), "nobody knows where it is"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fact": "shoe_size"}, "fact"),
        ({"operator": "at_most"}, "operator"),
        ({"value": "no"}, "value"),
        ({"classes": ("toaster",)}, "classes"),
        ({"escalation": None}, "escalation"),
        ({"escalation": "block"}, "escalation"),
        ({"deadline_hours": 24}, "deadline_hours"),
    ],
)
def test_what_makes_no_sense_is_named(change: dict[str, Any], field: str) -> None:
    assert [name for name, _ in flaws(replace(STEPS, **change))] == [field]
