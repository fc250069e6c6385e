"""After a release its publishers see how it does, version by version, and nothing of officers."""

from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from appstore.insight.models import Adoption
from appstore.insight.snapshots import KEPT, SNAPSHOT, snapshot
from muster.kernel.jobs import SCHEDULES
from tests.factories.appstore import PACKAGE, Store, apk
from tests.factories.mdm import PIN
from tests.factories.terminal import TestTerminal

INSIGHT = f"/appstore/v1/apps/{PACKAGE}/insight"


def said(terminal: TestTerminal, state: str, code: int, detail: str = "") -> None:
    app = {"package": PACKAGE, "state": state, "version_code": code, "detail": detail}
    assert terminal.check_in(apps=[app]).status_code == 200


def broke(store: Store, terminal: TestTerminal, code: int) -> None:
    crash = {
        "id": str(uuid4()),
        "package": PACKAGE,
        "version_code": code,
        "at": store.house.clock().isoformat(),
        "text": "java.lang.Error: no\n\tat city.muster.notes.Scan.run(Scan.java:7)",
    }
    assert terminal.check_in(crashes=[crash]).status_code == 200


def give(terminal: TestTerminal, **what: Any) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"package": PACKAGE, **what}
    answer = terminal.call("POST", "/appstore/v1/feedback", body, headers=headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)


def test_a_publisher_sees_how_each_version_does(store: Store) -> None:
    first = store.approved(apk(1))
    store.rolled(first, store.pilot)
    old, new, full = (store.terminal(store.pilot) for _ in range(3))
    said(old, "installed", 1)
    snapshot(store.house.kernel, {})
    empty = store.publisher.get(INSIGHT)
    second = store.approved(apk(2))
    store.rolled(second, store.pilot)
    said(new, "installed", 2)
    said(full, "failed", 2, "INSTALL_FAILED_INSUFFICIENT_STORAGE")
    for terminal in (old, new):
        broke(store, terminal, 2)
    store.force.officer("204001", unit="N1")
    new.sign_in("204001", PIN)
    give(new, kind="rating", stars=4, text="Much better")
    give(new, kind="fault", text="It froze at the scan")
    store.house.clock.advance(days=1)
    for _ in range(2):
        snapshot(store.house.kernel, {})
    late = store.force.console("P3", "publisher")  # sessions of yesterday have ended
    late.get(INSIGHT)
    seen = late.get(INSIGHT)
    insight = seen.get_json()
    two, one = insight["versions"]
    assert (two["version_name"], two["installed"], two["failed"]) == ("1.2", 1, 1)
    assert (two["crashes"], two["crash_places"], two["open_faults"]) == (2, 1, 1)
    assert (two["liked"]["average"], two["liked"]["count"]) == (4.0, 1)
    assert (one["installed"], one["failed"], one["crashes"]) == (1, 0, 0)
    assert insight["failures"] == [
        {
            "version_code": 2,
            "detail": "INSTALL_FAILED_INSUFFICIENT_STORAGE",
            "terminals": 1,
        }
    ]
    assert insight["liked"]["stars"] == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0}
    assert [day["by_version"] for day in insight["history"]] == [{"1": 1}, {"1": 1, "2": 1}]
    assert "204001" not in str(insight)
    assert seen.headers["Server-Timing"] == empty.headers["Server-Timing"], "as many statements"


def test_insight_is_for_those_of_the_app_and_for_device_admins(store: Store) -> None:
    store.approved(apk(1))
    stranger = store.force.console("P2", "publisher", unit="SOUTH")
    auditor = store.force.console("U1", "auditor")
    for who, status in (
        (store.publisher, 200),
        (store.approver, 200),
        (store.admin, 200),
        (stranger, 403),
        (auditor, 403),
    ):
        assert who.get(INSIGHT).status_code == status
    missing = store.publisher.get(INSIGHT.replace(PACKAGE, "city.muster.nothing"))
    assert missing.get_json()["code"] == "app_not_found"


def test_history_is_counted_by_schedule_and_forgotten_in_time(store: Store) -> None:
    store.rolled(store.approved(apk(1)), store.pilot)
    terminal = store.terminal(store.pilot)
    said(terminal, "installed", 1)
    assert SNAPSHOT in store.house.kernel.ports.all(SCHEDULES)
    snapshot(store.house.kernel, {})
    store.house.clock.advance(days=KEPT.days + 1)
    snapshot(store.house.kernel, {})
    with store.house.kernel.reads() as uow:
        days = uow.session.scalar(select(func.count()).select_from(Adoption))
    assert days == 1
