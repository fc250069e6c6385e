"""Sessions end with the shift; a supervisor may let an officer work on, and says why."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from muster.kernel.identity import clients, devices
from muster.kernel.identity.models import Officer
from tests.api.identity.conftest import PIN, Force, new_terminal
from tests.factories.terminal import TestTerminal

ME = "/mobile/v1/me"
BODY = {"hours": 3, "reason": "a pursuit that goes on"}


def ends(terminal: TestTerminal) -> datetime:
    return datetime.fromisoformat(terminal.call("GET", ME).get_json()["session_ends_at"])


def session(force: Force) -> str:
    name: str = force.terminal.call("GET", ME).get_json()["session_id"]
    return name


@pytest.fixture
def supervisor(force: Force) -> TestTerminal:
    """Officer 204002 on a terminal of their own."""
    terminal = new_terminal(force.house)
    with force.house.kernel.writes() as uow:
        unit = force.house.kernel.people.by_code("NORTH")
        terminal.id = devices.admit(uow, label="T-2", unit_id=unit.id, jwk=terminal.jwk).id
    terminal.sign_in("204002", PIN, client_id="muster.field")
    return terminal


def extend(who: TestTerminal, session_id: str, **changes: Any) -> Any:
    return who.call("POST", f"/mobile/v1/sessions/{session_id}/extend", BODY | changes)


def test_a_session_ends_with_the_shift_where_a_roster_says_so(force: Force) -> None:
    with force.house.kernel.writes() as uow:
        officer = uow.session.get_one(Officer, force.officer("204001").id)
        shift_ends = officer.duty_until = uow.now() + timedelta(hours=5)
    force.sign_in()
    assert abs(ends(force.terminal) - shift_ends) < timedelta(seconds=1)
    force.house.clock.advance(hours=5)
    assert force.refresh().get_json()["error"] == "invalid_grant"
    force.sign_in()  # nobody knows the next shift yet
    assert ends(force.terminal) - force.house.clock() > timedelta(hours=11)


def test_a_supervisor_extends_from_their_own_terminal(
    force: Force, supervisor: TestTerminal
) -> None:
    force.sign_in()
    before = ends(force.terminal)
    found = supervisor.call("GET", "/mobile/v1/sessions?officer=204001").get_json()["items"]
    assert [row["id"] for row in found] == [session(force)]
    answer = extend(supervisor, found[0]["id"])
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert ends(force.terminal) - before == timedelta(hours=3)
    force.house.clock.advance(hours=13)
    assert force.refresh().status_code == 200
    noted = force.log("identity.session.extend")
    assert [(row.actor_label, row.outcome) for row in noted] == [("204002", "permitted")]
    assert b"pursuit" in noted[0].canonical


def test_no_session_lasts_longer_than_a_day(force: Force, supervisor: TestTerminal) -> None:
    force.sign_in()
    assert extend(supervisor, session(force), hours=12).status_code == 200
    assert extend(supervisor, session(force), hours=1).status_code == 422
    assert extend(supervisor, session(force), hours=13).status_code == 422
    assert extend(supervisor, session(force), reason="x").status_code == 422


def test_nobody_extends_their_own_or_another_branchs_session(
    force: Force, supervisor: TestTerminal
) -> None:
    own = supervisor.call("GET", ME).get_json()["session_id"]
    refused = extend(supervisor, own)
    assert (refused.status_code, refused.get_json()["rule"]) == (
        403,
        "identity.nobody-extends-their-own-session",
    )
    force.sign_in()
    mine = session(force)
    assert extend(force.terminal, mine).status_code == 403
    south = force.admin("204003").call("POST", f"/admin/v1/sessions/{mine}/extend", json=BODY)
    assert south.status_code == 403
    north = force.admin("204002").call("POST", f"/admin/v1/sessions/{mine}/extend", json=BODY)
    assert north.status_code == 200


def test_what_has_ended_stays_ended(force: Force, supervisor: TestTerminal) -> None:
    force.sign_in()
    mine = session(force)
    force.terminal.call("POST", "/mobile/v1/sign-out")
    assert extend(supervisor, mine).status_code == 409
    assert supervisor.call("GET", "/mobile/v1/sessions?officer=204001").get_json()["items"] == []


def test_the_app_must_be_granted_supervision(force: Force, supervisor: TestTerminal) -> None:
    force.sign_in()
    with force.house.kernel.writes() as uow:
        app = clients.by_name(uow, "muster.field")
        assert app is not None
        app.scopes = ["records"]
    assert extend(supervisor, session(force)).get_json()["code"] == "scope_missing"
