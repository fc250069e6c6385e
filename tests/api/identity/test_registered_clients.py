"""Registered clients: asked for by publishers, granted by stewards, stopped by whoever sees harm."""

from dataclasses import replace
from typing import Any

import jwt
import pytest

from muster.kernel.identity import clients
from tests.conftest import House
from tests.factories.mdm import PIN, Console
from tests.factories.mdm import Force as City
from tests.factories.terminal import TestTerminal

CLIENTS = "/admin/v1/clients"
REASON = {"reason": "as agreed with the registers' owner"}
NOTES: dict[str, Any] = {
    "name": "notes",
    "package": "org.example.notes",
    "unit": "NORTH",
    "redirect_uris": ["org.example.notes:/back"],
    "scopes": ["records", "checks"],
}


@pytest.fixture
def city(house: House) -> City:
    return City(house)


@pytest.fixture
def publisher(city: City) -> Console:
    return city.console("P1", "publisher")


@pytest.fixture
def steward(city: City) -> Console:
    return city.console("S1", "data_steward", unit="CITY")


@pytest.fixture
def terminal(city: City) -> TestTerminal:
    city.officer("204001")
    return city.compliant(city.console("A1", "device_admin"))


def registered(publisher: Console, **changes: Any) -> dict[str, Any]:
    answer = publisher.post(CLIENTS, NOTES | changes)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    client: dict[str, Any] = answer.get_json()
    return client


def grant(steward: Console, client: dict[str, Any], *scopes: str) -> Any:
    body = {"scopes": list(scopes), **REASON}
    return steward.call("PUT", f"{CLIENTS}/{client['id']}/scopes", body)


def forms(terminal: TestTerminal) -> Any:
    return terminal.call("GET", "/mobile/v1/forms")


def test_an_app_may_do_what_was_granted_and_no_more(
    publisher: Console, steward: Console, terminal: TestTerminal
) -> None:
    client = registered(publisher)
    assert (client["scopes"], client["requested_scopes"]) == ([], ["records", "checks"])
    assert terminal.sign_in("204001", PIN, client_id="notes").get_json()["scope"] == ""
    refused = forms(terminal)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "scope_missing")
    challenge = 'DPoP error="insufficient_scope", scope="records"'
    assert refused.headers["WWW-Authenticate"] == challenge

    assert grant(steward, client, "records").get_json()["requested_scopes"] == []
    assert terminal.sign_in("204001", PIN, client_id="notes").get_json()["scope"] == "records"
    assert forms(terminal).status_code == 200
    checks = terminal.call("GET", "/mobile/v1/purposes")
    assert (checks.status_code, checks.get_json()["scope"]) == (403, "checks")

    assert grant(steward, client).get_json()["scopes"] == []  # taken back: from the next request on
    assert forms(terminal).get_json()["code"] == "scope_missing"


def test_an_app_that_asks_for_less_gets_less(terminal: TestTerminal) -> None:
    form = {"grant_type": "urn:passmuster:oauth:grant:officer-pin", "client_id": "field"}
    form |= {"number": "204001", "pin": PIN, "scope": "checks"}
    assert terminal.token(form).get_json()["scope"] == "checks"
    assert forms(terminal).get_json()["code"] == "scope_missing"


def test_nobody_grants_to_themselves_or_what_nobody_asked_for(
    city: City, publisher: Console, steward: Console
) -> None:
    both = city.console("B1", "publisher", "data_steward")
    own = registered(both)
    refused = grant(both, own, "records")
    assert refused.get_json()["code"] == "second_person_required"
    assert grant(publisher, own, "records").status_code == 403
    assert grant(steward, own, "positions").get_json()["code"] == "nothing_requested"
    south = city.console("S2", "data_steward", unit="SOUTH")
    assert grant(south, own, "records").status_code == 403


def test_a_publisher_asks_again_with_the_version_they_read(
    publisher: Console, steward: Console
) -> None:
    client = registered(publisher)
    grant(steward, client, "records")
    path = f"{CLIENTS}/{client['id']}"
    stale = publisher.call("PATCH", path, {"scopes": ["sync"]}, headers={"If-Match": '"v1"'})
    assert stale.status_code == 412
    tag = publisher.get(path).headers["ETag"]
    asked = publisher.call("PATCH", path, {"scopes": ["sync"]}, headers={"If-Match": tag})
    assert asked.get_json()["requested_scopes"] == ["sync"]
    assert asked.get_json()["scopes"] == ["records"]
    waiting = steward.get(f"{CLIENTS}?state=requested").get_json()["items"]
    assert [row["name"] for row in waiting] == ["notes"]


def test_addresses_are_the_apps_own(publisher: Console) -> None:
    for address in (
        "http://evil.example/back",
        "http://127.0.0.1/back",
        "https://user@example.org/back",
        "https://example.org/back#fragment",
        "javascript:alert(1)",
        "org.example.other:/back",
        "org.example.notes:/back;form-action *",
        "/back",
    ):
        answer = publisher.post(CLIENTS, NOTES | {"redirect_uris": [address]})
        assert answer.status_code == 422, address
        assert answer.get_json()["errors"][0]["pointer"] == "/redirect_uris/0"
    assert registered(publisher, redirect_uris=["https://example.org/back"])["redirect_uris"]


def test_nothing_else_can_be_set_from_outside(publisher: Console) -> None:
    for field in ("id", "kind", "state", "owner_id", "sandbox_unit_id", "jwks", "epoch"):
        assert publisher.post(CLIENTS, {**NOTES, field: "x"}).status_code == 422, field
    assert publisher.post(CLIENTS, NOTES | {"unit": "SOUTH"}).status_code == 403


def test_blocking_an_app_ends_its_sessions_at_once_and_for_good(
    city: City, steward: Console, publisher: Console, terminal: TestTerminal
) -> None:
    client = registered(publisher)
    grant(steward, client, "records")
    terminal.sign_in("204001", PIN, client_id="notes")
    assert forms(terminal).status_code == 200
    path = f"{CLIENTS}/{client['id']}"
    assert steward.post(f"{path}/block", REASON).get_json()["state"] == "blocked"
    assert forms(terminal).get_json()["code"] == "client_blocked"
    assert terminal.sign_in("204001", PIN, client_id="notes").status_code == 400
    assert publisher.post(f"{path}/unblock", REASON).status_code == 403
    judge = city.console("V1", "approver")
    assert judge.post(f"{path}/unblock", REASON).get_json()["state"] == "active"
    assert forms(terminal).get_json()["code"] == "session_ended"
    assert terminal.sign_in("204001", PIN, client_id="notes").status_code == 200


def test_a_sandbox_is_for_a_training_unit_and_for_a_while(
    city: City, publisher: Console, terminal: TestTerminal
) -> None:
    body = {
        "name": "notes",
        "package": "org.example.notes",
        "unit": "N1",
        "redirect_uris": ["http://127.0.0.1/back"],
        "scopes": ["records"],
        "days": 7,
    }
    refused = publisher.post(f"{CLIENTS}/sandboxes", body)
    assert refused.get_json()["code"] == "not_a_training_unit"
    kernel = city.house.kernel
    kernel.settings = replace(kernel.settings, training_units=("N1",))
    made = publisher.post(f"{CLIENTS}/sandboxes", body)
    assert made.status_code == 201, made.get_data(as_text=True)
    assert made.get_json()["name"] == "sandbox.notes"

    city.officer("204099", unit="N1")
    outsider = terminal.sign_in("204001", PIN, client_id="sandbox.notes")
    assert outsider.get_json()["error"] == "unauthorized_client"
    trainee = terminal.sign_in("204099", PIN, client_id="sandbox.notes")
    assert trainee.get_json()["scope"] == "records"
    assert claims_of(terminal)["sandbox"] is True
    assert forms(terminal).status_code == 200
    city.house.clock.advance(days=7)
    late = terminal.sign_in("204099", PIN, client_id="sandbox.notes")
    assert late.get_json()["error"] == "unauthorized_client"


def test_a_sandbox_that_ends_takes_its_sessions_along(city: City, terminal: TestTerminal) -> None:
    terminal.sign_in("204001", PIN)
    assert forms(terminal).status_code == 200
    with city.house.kernel.writes() as uow:
        app = clients.by_name(uow, "field")
        assert app is not None
        app.expires_at = uow.now()
    assert forms(terminal).get_json()["code"] == "client_blocked"


def claims_of(terminal: TestTerminal) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(terminal.access_token, options={"verify_signature": False})
    return claims
