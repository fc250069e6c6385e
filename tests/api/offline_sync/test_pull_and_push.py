"""Pull and push over HTTP, as a terminal and as a client with a credential do."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from muster.kernel.identity import Officer
from tests.conftest import House
from tests.factories.sync import (
    City,
    FieldTerminal,
    Notes,
    answered,
    push_row,
    sync_credential,
)

PULL, PUSH = "/sync/v1/notes/pull", "/sync/v1/notes/push"


def write(house: House, notes: Notes, doc_id: str, text: str, *scopes: str) -> None:
    with house.kernel.writes() as uow:
        notes.write(uow, doc_id, text, scopes or ["unit:NORTH"])


def test_a_terminal_pulls_and_pushes(house: House, notes: Notes, terminal: FieldTerminal) -> None:
    write(house, notes, "a", "text")
    page = answered(terminal.call("POST", PULL, {}))
    assert page["documents"] == [{"id": "a", "text": "text", "rev": 1, "_deleted": False}]
    assert answered(terminal.call("POST", PUSH, [push_row("a", "new", assumed="text")])) == []
    body = {"checkpoint": page["checkpoint"], "limit": 10, "digest": True}
    again = answered(terminal.call("POST", PULL, body))
    assert [document["text"] for document in again["documents"]] == ["new"]
    assert again["digest"]["count"] == 1


def test_an_idle_terminal_is_told_304(house: House, notes: Notes, terminal: FieldTerminal) -> None:
    write(house, notes, "a", "text")
    token = answered(terminal.call("GET", PULL))["checkpoint"]["token"]
    where = f"{PULL}?checkpoint={token}"
    idle = terminal.call("GET", where)
    assert answered(idle)["documents"] == []
    tag = {"If-None-Match": idle.headers["ETag"]}
    nothing = terminal.call("GET", where, headers=tag)
    assert (nothing.status_code, nothing.data) == (304, b"")
    write(house, notes, "b", "text")
    assert len(answered(terminal.call("GET", where, headers=tag))["documents"]) == 1


def test_an_idle_pull_is_a_handful_of_statements(
    house: House, notes: Notes, terminal: FieldTerminal
) -> None:
    write(house, notes, "a", "text")
    token = answered(terminal.call("GET", PULL))["checkpoint"]["token"]
    idle = terminal.call("GET", f"{PULL}?checkpoint={token}")
    told = idle.headers["Server-Timing"]
    statements = int(told.split('statements;desc="')[1].split('"')[0])
    assert statements <= 4 + 1  # the gate is one more


def test_an_officer_suspended_between_two_pulls_gets_nothing_more(
    house: House, notes: Notes, city: City, terminal: FieldTerminal
) -> None:
    answered(terminal.call("GET", PULL))
    with house.kernel.writes() as uow:
        officer = uow.session.get_one(Officer, city.officers["N1"])
        officer.state, officer.epoch = "suspended", officer.epoch + 1
    answered(terminal.call("GET", PULL), 401)


def test_a_terminal_that_is_not_compliant_gets_nothing(terminal: FieldTerminal) -> None:
    terminal.judged(1, "passcode_missing")
    refused = answered(terminal.call("GET", PULL), 403)
    assert (refused["code"], refused["reasons"]) == ("posture_not_compliant", ["passcode_missing"])
    answered(terminal.call("POST", PUSH, [push_row("a", "new")]), 403)


def test_a_stale_terminal_may_pull_and_not_push(terminal: FieldTerminal) -> None:
    terminal.judged(2, hours_ago=2)
    answered(terminal.call("GET", PULL))
    refused = answered(terminal.call("POST", PUSH, [push_row("a", "new")]), 403)
    assert refused["code"] == "posture_stale"


@pytest.mark.parametrize("scheme", ["bearer", "basic"])
def test_a_client_credential_for_sync_opens_pull_and_push(
    house: House, city: City, scheme: str
) -> None:
    secret = sync_credential(city, "N1", house.clock() + timedelta(days=1))
    basic = base64.b64encode(f"N1:{secret}".encode()).decode()
    headers = {"Authorization": f"Bearer {secret}" if scheme == "bearer" else f"Basic {basic}"}
    assert answered(house.client.post(PUSH, json=[push_row("a", "new")], headers=headers)) == []
    page = answered(house.client.get(PULL, headers=headers))
    assert [document["id"] for document in page["documents"]] == ["a"]


def test_a_credential_never_takes_a_terminals_lease(house: House, city: City) -> None:
    secret = sync_credential(city, "N1", house.clock() + timedelta(days=1))
    headers = {"Authorization": f"Bearer {secret}"}
    assert house.client.get("/sync/v1/lease", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"limit": 0}, 422, "invalid_input"),
        ({"limit": 501}, 422, "invalid_input"),
        ({"checkpoint": {"token": "forged"}}, 400, "sync_checkpoint_invalid"),
        ({"checkpoint": "forged"}, 422, "invalid_input"),
        ([], 422, "invalid_input"),
    ],
)
def test_a_wrong_pull_is_told_what_is_wrong(
    terminal: FieldTerminal, body: Any, status: int, code: str
) -> None:
    assert answered(terminal.call("POST", PULL, body), status)["code"] == code


def test_a_checkpoint_of_a_server_that_is_no_more_is_a_reset(terminal: FieldTerminal) -> None:
    elsewhere = base64.urlsafe_b64encode(bytes(16) + bytes(16) + b"\x90").decode().rstrip("=")
    told = answered(terminal.call("GET", f"{PULL}?checkpoint={elsewhere}"))
    assert told == {"documents": [], "checkpoint": None, "reset": True}


def test_an_unknown_collection_is_not_found(terminal: FieldTerminal) -> None:
    assert answered(terminal.call("GET", "/sync/v1/dreams/pull"), 404)["code"] == (
        "sync_collection_unknown"
    )


def test_a_push_that_is_no_list_of_rows_is_refused_whole(terminal: FieldTerminal) -> None:
    refused = answered(terminal.call("POST", PUSH, [{"newDocumentState": 7}]), 422)
    assert refused["errors"][0]["pointer"] == "/0/newDocumentState"
