"""The record of who may hold what follows the news."""

from queue import Queue
from typing import Any

import pytest
from sqlalchemy import select

from muster.kernel.identity import OfficerChanged, OfficerSuspended, PostureChanged, UnitsChanged
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.policies import AccessPolicyPublished
from offline_sync.scopes import ScopeGrant, news, officer_topic, record
from tests.factories.sync import City, Notes


@pytest.fixture
def heard(kernel: Kernel, city: City) -> Queue[str]:
    """News between processes takes its time: wait for it."""
    topics: Queue[str] = Queue()
    kernel.bus.subscribe([officer_topic(city.officers["N1"])], lambda topic, _: topics.put(topic))
    return topics


def hold(kernel: Kernel, kind: Any, subject_id: Any, *keys: str) -> None:
    with kernel.writes() as uow:
        record(uow, kind, subject_id, frozenset(keys), "lease")


def held(kernel: Kernel) -> dict[str, str]:
    """Return every scope ever granted with why it ended, empty while it has not."""
    with kernel.reads() as uow:
        return {grant.scope: grant.end_reason for grant in uow.session.scalars(select(ScopeGrant))}


def test_grants_are_opened_and_ended_as_answers_change(kernel: Kernel, city: City) -> None:
    hold(kernel, "officer", city.officers["N1"], "unit:NORTH", "shelf:a")
    hold(kernel, "officer", city.officers["N1"], "unit:NORTH", "shelf:b")
    assert held(kernel) == {"unit:NORTH": "", "shelf:a": "lease", "shelf:b": ""}


def test_a_suspended_officer_holds_nothing_and_hears_of_it(
    kernel: Kernel, city: City, heard: Queue[str]
) -> None:
    hold(kernel, "officer", city.officers["N1"], "unit:NORTH")
    with kernel.writes() as uow:
        news.officer_suspended(uow, OfficerSuspended(officer_id=city.officers["N1"]))
    assert held(kernel) == {"unit:NORTH": "officer suspended"}
    assert heard.get(timeout=5)
    assert heard.empty()


def test_a_changed_officer_is_asked_for_again(
    kernel: Kernel, notes: Notes, city: City, heard: Queue[str]
) -> None:
    officer = city.officers["N1"]
    hold(kernel, "officer", officer, "unit:SOUTH")
    for _ in range(2):
        with kernel.writes() as uow:
            news.officer_changed(uow, OfficerChanged(officer_id=officer))
    now = held(kernel)
    assert now["unit:SOUTH"] == "officer changed"
    assert now["unit:NORTH"] == now[f"personal:{officer}"] == ""
    assert heard.get(timeout=5)
    assert heard.empty()


def test_changed_units_are_asked_for_again_for_whoever_holds_something(
    kernel: Kernel, city: City
) -> None:
    hold(kernel, "officer", city.officers["S1"], "unit:NORTH")
    with kernel.writes() as uow:
        news.units_changed(uow, UnitsChanged())
    assert held(kernel)["unit:NORTH"] == "units changed"
    assert held(kernel)["unit:SOUTH"] == ""


def test_other_access_policies_are_asked_for_whoever_holds_something(
    kernel: Kernel, city: City
) -> None:
    hold(kernel, "officer", city.officers["S1"], "unit:NORTH")
    with kernel.writes() as uow:
        news.policies_published(uow, AccessPolicyPublished(epoch=0, number=1))
    assert held(kernel)["unit:NORTH"] == "access policies changed"
    assert held(kernel)["unit:SOUTH"] == ""


@pytest.mark.parametrize(
    ("state", "tier", "ended"),
    [
        ("lost", 0, "terminal lost"),
        ("enrolled", 1, "posture not compliant"),
        ("enrolled", 2, ""),
    ],
)
def test_a_terminal_holds_only_while_it_is_compliant_and_in_service(
    kernel: Kernel, city: City, state: str, tier: int, ended: str
) -> None:
    device_id = uuid7()
    hold(kernel, "terminal", device_id, "unit:NORTH")
    with kernel.writes() as uow:
        news.posture_changed(uow, PostureChanged(device_id=device_id, tier=tier, state=state))
    assert held(kernel) == {"unit:NORTH": ended}
