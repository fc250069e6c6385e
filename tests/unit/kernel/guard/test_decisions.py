"""Deciding and recording in one call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.audit.models import ENTRIES
from muster.kernel.guard import Denied, GuardError, Target
from muster.kernel.identity import Actor
from muster.kernel.kernel import Kernel
from tests.conftest import MovableClock
from tests.factories.people import console, field, terminal

from .conftest import POLICIES, Build

OFFICER = console("officer")


def thing(*, vip: bool = False, unit: str = "/CITY/NORTH/") -> Target:
    return Target("Thing", "t-1", {"vip": vip}, unit=unit)


def ask(kernel: Kernel, actor: Actor, action: str, target: Target, **more: Any) -> None:
    with kernel.writes() as uow:
        guard.require(uow, actor, action, target, **more)


def refusal(kernel: Kernel, actor: Actor, action: str, target: Target, **more: Any) -> Denied:
    with pytest.raises(Denied) as caught:
        ask(kernel, actor, action, target, **more)
    return caught.value


def log(kernel: Kernel) -> list[Any]:
    with kernel.reads() as uow:
        chosen = select(ENTRIES).where(ENTRIES.c.action.startswith("thing."))
        return list(uow.session.execute(chosen.order_by(ENTRIES.c.n)))


def test_a_permitted_act_is_recorded_with_the_rule_that_permits_it(guarded: Kernel) -> None:
    ask(guarded, OFFICER, "thing.read", thing())
    (row,) = log(guarded)
    assert (row.outcome, row.policies, row.actor_id) == (
        "permitted",
        ["thing.officers"],
        OFFICER.id,
    )


def test_a_refusal_names_its_rule_and_advice_and_outlives_the_rollback(guarded: Kernel) -> None:
    refused = refusal(guarded, OFFICER, "thing.read", thing(vip=True))
    assert (refused.code, refused.detail) == ("not_permitted", "Ask your supervisor.")
    assert refused.extra == {"rule": "thing.vips-are-for-supervisors", "action": "thing.read"}
    (row,) = log(guarded)
    assert (row.outcome, row.policies) == ("denied", ["thing.vips-are-for-supervisors"])


def test_whom_nothing_permits_is_told_so(guarded: Kernel) -> None:
    refused = refusal(guarded, console("auditor"), "thing.read", thing())
    assert refused.extra["rule"] == "default-deny"
    assert log(guarded)[0].outcome == "denied"


def test_a_role_counts_below_its_unit_and_within_its_dates_only(guarded: Kernel) -> None:
    ask(guarded, OFFICER, "thing.read", thing(unit="/CITY/NORTH/N1/"))
    for elsewhere in ("/CITY/", "/CITY/SOUTH/", "/OTHER/NORTHERN/"):
        refusal(guarded, OFFICER, "thing.read", thing(unit=elsewhere))
    person = OFFICER.person
    assert person is not None
    (post,) = person.posts
    yesterday = datetime.now(UTC) - timedelta(days=1)
    ended = replace(OFFICER, person=replace(person, posts=(replace(post, valid_until=yesterday),)))
    refusal(guarded, ended, "thing.read", thing())


@pytest.mark.parametrize(
    ("device", "action", "code"),
    [
        (terminal(tier=1), "thing.write", "posture_not_compliant"),
        (terminal(posture_at=None), "thing.write", "posture_not_compliant"),
        (terminal(state="lost"), "thing.read", "device_out_of_service"),
    ],
)
def test_a_terminal_that_fell_is_refused_with_the_reason(
    guarded: Kernel, device: Any, action: str, code: str
) -> None:
    refused = refusal(guarded, field("officer", device=device), action, thing())
    assert refused.code == code
    assert refused.extra["rule"].startswith("posture.")
    assert refused.detail != "No access policy permits this to you."


def test_a_terminal_that_did_not_check_in_may_only_read(guarded: Kernel) -> None:
    late = terminal(posture_at=datetime.now(UTC) - timedelta(hours=2), reasons=("late",))
    actor = field("officer", device=late)
    ask(guarded, actor, "thing.read", thing())
    refused = refusal(guarded, actor, "thing.write", thing())
    assert refused.code == "posture_stale"
    assert refused.extra["reasons"] == ["late"]


@pytest.mark.parametrize("given", [{}, {"purpose": "traffic_stop"}, {"case_ref": "A-1"}])
def test_a_search_without_purpose_or_case_is_refused_and_recorded(
    guarded: Kernel, given: dict[str, str]
) -> None:
    refused = refusal(guarded, field("officer"), "thing.search", thing(), **given)
    assert (refused.code, refused.status) == ("purpose_required", 403)
    (row,) = log(guarded)
    assert (row.outcome, row.purpose, row.case_ref) == (
        "denied",
        given.get("purpose", ""),
        given.get("case_ref", ""),
    )


def test_a_purpose_bound_to_the_credential_counts_as_given(guarded: Kernel) -> None:
    actor = replace(field("officer"), purpose="traffic_stop")
    ask(guarded, actor, "thing.search", thing(), case_ref="A-1")
    assert log(guarded)[0].purpose == "traffic_stop"


def test_a_policy_that_errs_is_a_refusal(guarded: Kernel) -> None:
    """Cedar skips a policy that errs; a forbid that cannot read an attribute would let all in."""
    blind = Target("Thing", "t-1", {}, unit="/CITY/NORTH/")
    refused = refusal(guarded, OFFICER, "thing.read", blind)
    assert refused.extra["rule"] == "guard.policy-error"


def test_a_counted_act_is_recorded_once_a_minute(guarded: Kernel, clock: MovableClock) -> None:
    officer = console("officer")
    clock.advance(days=1)
    for _ in range(3):
        ask(guarded, officer, "thing.touch", thing())
    assert len(log(guarded)) == 1
    ask(guarded, console("officer"), "thing.touch", thing())
    assert len(log(guarded)) == 2
    clock.advance(minutes=1)
    ask(guarded, officer, "thing.touch", thing())
    assert len(log(guarded)) == 3


def test_a_counted_act_is_always_recorded_when_refused(guarded: Kernel) -> None:
    for _ in range(2):
        refusal(guarded, OFFICER, "thing.touch", thing(vip=True))
    assert [row.outcome for row in log(guarded)] == ["denied", "denied"]


def test_an_act_recorded_on_denial_leaves_no_row_when_permitted(guarded: Kernel) -> None:
    ask(guarded, OFFICER, "thing.glance", thing())
    assert log(guarded) == []
    refusal(guarded, OFFICER, "thing.glance", thing(vip=True))
    assert len(log(guarded)) == 1


def test_asking_whether_one_may_leaves_no_trace(guarded: Kernel) -> None:
    with guarded.reads() as uow:
        assert guard.may(uow, OFFICER, "thing.read", thing())
        assert not guard.may(uow, OFFICER, "thing.read", thing(vip=True))
        assert uow.decided == []
    assert log(guarded) == []


@pytest.mark.parametrize(
    ("action", "target"), [("thing.raed", thing()), ("thing.read", guard.FORCE)]
)
def test_an_undeclared_question_is_a_fault_of_ours(
    guarded: Kernel, action: str, target: Target
) -> None:
    with pytest.raises(GuardError, match="not declared"):
        ask(guarded, OFFICER, action, target)


def test_a_lost_terminal_keeps_only_the_door_of_its_agent(guarded: Kernel) -> None:
    lost = Actor(kind="terminal", surface="agent", device=terminal(state="lost", tier=0))
    ask(guarded, lost, "thing.serve", thing())


def test_a_code_that_is_no_refusal_of_the_guard_still_refuses(
    guarded: Kernel, build: Build
) -> None:
    odd = POLICIES.replace('@advice("Ask', '@code("not_found") @advice("Ask')
    kernel = replace(guarded, guard=build(odd))
    assert refusal(kernel, OFFICER, "thing.read", thing(vip=True)).code == "not_permitted"
