"""A rollout that goes wrong halts by itself, says why, and does not halt again on old reports."""

from typing import Any
from uuid import uuid4

from muster.kernel.jobs import enqueue
from tests.factories.appstore import PACKAGE, REASON, Store, apk, compiled
from tests.factories.terminal import TestTerminal

GATE = {"min_reports": 2, "failed_percent": 60}


def reports(terminal: TestTerminal, release: dict[str, Any], state: str, **more: Any) -> None:
    said = {"package": PACKAGE, "version_code": release["version_code"], "state": state, **more}
    assert terminal.check_in(apps=[said]).status_code == 200


def by_clock(store: Store) -> None:
    """Let a minute pass: the schedule's turn comes."""
    with store.house.kernel.writes() as uow:
        enqueue(uow, "app.rollout.watch", {})
    store.force.work()


def test_failures_above_the_gate_halt_a_rollout_and_people_are_told(store: Store) -> None:
    one, two, late = (store.terminal(store.pilot) for _ in range(3))
    release = store.approved(apk(1))
    rollout = store.rolled(release, store.pilot, gate=GATE)
    assert rollout["gate"] == GATE
    reports(one, release, "failed", reason="storage_full", detail="no room")
    store.force.work()
    assert store.state(release) == "rolling", "one report is not enough"
    reports(two, release, "installed")
    store.force.work()
    assert store.state(release) == "rolling"
    reports(two, release, "failed", reason="never_heard_of")
    assert store.state(release) == "rolling"
    store.force.work()
    assert store.state(release) == "halted"
    assert compiled(late) == []
    entry = store.recorded("app.rollout.halt")[-1]
    assert (entry["actor_kind"], entry["reason"]) == ("system", "2 of 2 installations failed")
    assert (entry["result"]["limit"], entry["result"]["failed"]) == ("failed_percent", 2)
    told = store.force.notices().count("app.rollout_halted")
    assert told == 2, "the publisher and the device admins"

    path = f"/appstore/v1/rollouts/{rollout['id']}/resume"
    assert store.admin.post(path, {}).status_code == 422, "without a reason"
    store.house.clock.advance(seconds=5)
    assert store.admin.post(path, REASON).status_code == 200
    by_clock(store)
    assert store.state(release) == "rolling", "old reports do not count"
    for terminal in (one, two):
        reports(terminal, release, "failed")
    store.force.work()
    assert store.state(release) == "halted"


def test_crashes_beyond_those_of_the_version_before_halt_at_the_next_minute(store: Store) -> None:
    terminals = [store.terminal(store.pilot) for _ in range(3)]
    first, second = store.approved(apk(1)), store.approved(apk(2))
    for release, crashing in ((first, 1), (second, 2)):
        rollout = store.rolled(release, store.pilot, gate={"min_reports": 3, "crash_percent": 40})
        for number, terminal in enumerate(terminals):
            reports(terminal, release, "installed")
            crash = {
                "id": str(uuid4()),
                "package": PACKAGE,
                "version_code": release["version_code"],
                "at": store.house.clock().isoformat(),
                "text": "java.lang.IllegalStateException: no\n\tat city.muster.Notes.open(N.java:7)",
            }
            if number < crashing:
                assert terminal.check_in(crashes=[crash]).status_code == 200
        if release is first:
            path = f"/appstore/v1/releases/{first['id']}/complete"
            assert store.publisher.post(path, REASON).status_code == 200
    by_clock(store)
    assert store.state(second) == "rolling", "33 points above the version before, 40 permitted"
    headers = {"If-Match": f'"v{rollout["version"]}"'}
    body = {"percent": 100, "gate": {"min_reports": 3, "crash_percent": 30}}
    path = f"/appstore/v1/rollouts/{rollout['id']}"
    assert store.admin.call("PATCH", path, body, headers=headers).status_code == 200
    by_clock(store)
    assert (store.state(second), store.state(first)) == ("halted", "released")
