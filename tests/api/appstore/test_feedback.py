"""Officers say what they think of an app; its publishers answer, and learn units, not names."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from appstore.feedback import ratings_of
from tests.factories.appstore import PACKAGE, Store, apk
from tests.factories.mdm import PIN, Console
from tests.factories.terminal import TestTerminal

FEEDBACK = "/appstore/v1/feedback"
APP = f"/appstore/v1/apps/{PACKAGE}"


@pytest.fixture
def rolled(store: Store) -> Store:
    """Return the store with an app in the pilot's ring and an officer of N1."""
    store.rolled(store.approved(apk(1)), store.pilot)
    store.force.officer("204001", unit="N1")
    return store


@pytest.fixture
def terminal(rolled: Store) -> TestTerminal:
    """Return a terminal of the pilot with the officer signed in."""
    terminal = rolled.terminal(rolled.pilot)
    assert terminal.sign_in("204001", PIN).status_code == 200
    return terminal


def give(terminal: TestTerminal, *, key: str = "", **said: Any) -> TestResponse:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return terminal.call("POST", FEEDBACK, {"package": PACKAGE, **said}, headers=headers)


def fault(terminal: TestTerminal, text: str = "It froze at the scan.", **said: Any) -> str:
    answer = give(terminal, kind="fault", text=text, **said)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    fault_id: str = answer.get_json()["id"]
    return fault_id


def act(who: Console, fault_id: str, verb: str, version: int = 1, **body: Any) -> TestResponse:
    path = f"/appstore/v1/faults/{fault_id}/{verb}"
    return who.post(path, body, headers={"If-Match": f'"v{version}"'})


def test_an_officer_rates_once_and_may_think_again(rolled: Store, terminal: TestTerminal) -> None:
    store = rolled
    assert give(terminal, kind="rating", stars=2, text="Slow.").status_code == 201
    assert give(terminal, kind="rating", stars=5, text="Fast now.").status_code == 201
    store.force.officer("204002", unit="SOUTH")
    terminal.sign_in("204002", PIN)
    assert give(terminal, kind="rating", stars=4, contact_me=True).status_code == 201
    listed = store.publisher.get(f"{APP}/ratings?limit=1").get_json()
    [newest] = listed["items"]
    assert (newest["stars"], newest["by"]) == (4, "Officer 204002 · 204002")
    older = store.publisher.get(f"{APP}/ratings?after={listed['next']}").get_json()
    [first] = older["items"]
    assert (first["stars"], first["text"], first["unit"]) == (5, "Fast now.", "N1")
    assert first["by"] is None
    assert "204001" not in str(older)
    with store.house.kernel.reads() as uow:
        assert ratings_of(uow, [PACKAGE, "city.muster.other"]) == {PACKAGE: (4.5, 2)}


def test_a_fault_is_told_answered_and_mended(rolled: Store, terminal: TestTerminal) -> None:
    store, crash = rolled, str(uuid4())
    said = {"package": PACKAGE, "state": "installed", "version_code": 1}
    terminal.check_in(apps=[said])
    crashed = {
        "id": crash,
        "package": PACKAGE,
        "version_code": 1,
        "version": "1.1",
        "at": store.house.clock().isoformat(),
        "text": "java.lang.IllegalStateException: scan\n\tat city.muster.notes.Scan.run(Scan.java:7)",
    }
    assert terminal.check_in(crashes=[crashed]).status_code == 200
    fault_id = fault(terminal, crash_id=crash)
    assert "app.fault_reported" in store.force.notices()
    [row] = store.publisher.get(f"{APP}/faults?state=open").get_json()["items"]
    assert (row["version_code"], row["unit"], row["by"]) == (1, "N1", None)
    assert store.publisher.get(f"/admin/v1/crashes/{row['crash_group_id']}").status_code == 200
    assert act(store.publisher, fault_id, "answer", answer="Which scanner?").status_code == 200
    stale = act(store.publisher, fault_id, "close", answer="Late")
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale_version")
    mended = store.approved(apk(2))
    other = store.approved(apk(1, package="city.muster.other"))
    wrong = act(store.publisher, fault_id, "close", 2, answer="See", fixed_in=other["id"])
    assert wrong.get_json()["code"] == "release_not_found"
    done = act(store.publisher, fault_id, "close", 2, answer="Mended.", fixed_in=mended["id"])
    assert (done.get_json()["state"], done.get_json()["fixed_version"]) == ("fixed", "1.2")
    again = act(store.publisher, fault_id, "answer", 3, answer="?")
    assert (again.status_code, again.get_json()["code"]) == (409, "fault_wrong_state")
    [mine] = terminal.call("GET", FEEDBACK).get_json()["items"]
    assert (mine["state"], mine["answer"], mine["fixed_version"]) == ("fixed", "Mended.", "1.2")
    told = [kind for kind in store.force.notices() if kind.startswith("app.fault_")]
    assert told == ["app.fault_reported", "app.fault_answered", "app.fault_fixed"]


def test_a_report_sent_twice_is_kept_once(rolled: Store, terminal: TestTerminal) -> None:
    for _ in range(2):
        assert give(terminal, key="a key of mine", kind="fault", text="Frozen").status_code == 201
    assert len(rolled.publisher.get(f"{APP}/faults").get_json()["items"]) == 1
    assert terminal.call("POST", FEEDBACK, {"kind": "fault"}).status_code in (400, 422)


def test_only_what_a_terminal_has_or_is_offered_is_rated(
    rolled: Store, terminal: TestTerminal
) -> None:
    for package in ("city.muster.nothing", PACKAGE):
        outside = rolled.terminal()
        outside.sign_in("204001", PIN)
        answer = give(outside, kind="rating", stars=1, package=package)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "feedback_not_offered")
    outside.check_in(apps=[{"package": PACKAGE, "state": "installed", "version_code": 1}])
    assert give(outside, kind="rating", stars=1).status_code == 201
    for wrong in (
        {"kind": "rating"},
        {"kind": "rating", "stars": 6},
        {"kind": "rating", "stars": 3, "text": "x" * 501},
        {"kind": "fault", "text": "  "},
        {"kind": "fault", "text": "bad", "stars": 1},
        {"kind": "fault", "text": "nul \x00"},
        {"kind": "fault", "text": "x" * 2001},
    ):
        assert give(terminal, **wrong).status_code == 422, wrong


def test_feedback_is_read_and_answered_by_those_of_the_app_alone(
    rolled: Store, terminal: TestTerminal
) -> None:
    store, fault_id = rolled, fault(terminal)
    stranger = store.force.console("P2", "publisher", unit="SOUTH")
    for who, reads, answers in (
        (store.publisher, 200, 200),
        (store.approver, 200, 403),
        (stranger, 403, 403),
        (store.admin, 403, 403),
    ):
        for path in (f"{APP}/faults", f"{APP}/ratings", f"/appstore/v1/faults/{fault_id}"):
            assert who.get(path).status_code == reads
        assert act(who, fault_id, "answer", answer="Thank you").status_code == answers
    missing = store.publisher.get(f"/appstore/v1/faults/{UUID(int=7)}")
    assert missing.get_json()["code"] == "fault_not_found"


def test_one_officer_does_not_drown_the_others(rolled: Store, terminal: TestTerminal) -> None:
    for number in range(20):
        last = fault(terminal, f"Fault {number}")
    answer = give(terminal, kind="fault", text="one more")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "feedback_too_many_faults")
    assert act(rolled.publisher, last, "close", answer="Known.").status_code == 200
    fault(terminal, "one more")
