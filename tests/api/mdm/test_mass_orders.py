"""One command to many terminals: a frozen list, two people above a number, each decided on its own."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from mdm.orders import Order, OrderTarget, carrying
from muster.kernel.identity import people
from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

WHY = "a shift begins"


def place(console: Console, kind: str, targets: dict[str, Any], **body: Any) -> Any:
    order = {"kind": kind, "reason": WHY, "targets": targets, "body": body}
    return console.post("/admin/v1/commands", order)


def lines(console: Console, order: str) -> dict[str, tuple[str, str, str]]:
    path, cursor = f"/admin/v1/orders/{order}/targets", ""
    found: dict[str, tuple[str, str, str]] = {}
    while cursor is not None:
        query = {"limit": 2} | ({"after": cursor} if cursor else {})
        shown = console.get(path, query_string=query).get_json()
        found |= {
            one["label"]: (one["state"], one["code"], one["command_state"])
            for one in shown["items"]
        }
        cursor = shown["next"]
    return found


def progress(console: Console, order: str) -> tuple[str, dict[str, int], dict[str, int]]:
    shown = console.get(f"/admin/v1/orders/{order}").get_json()
    return shown["state"], shown["turns"], shown["commands"]


def test_a_few_are_told_at_once_and_the_answer_says_how_each_stands(
    force: Force, admin: Console
) -> None:
    mine, lost = force.compliant(admin), force.enrolled(admin)
    theirs = force.enrolled(force.console("S1", "device_admin", unit="SOUTH"), unit="SOUTH")
    admin.post(f"/admin/v1/devices/{lost.id}/lost", {"reason": WHY})
    named = [str(one.id) for one in (mine, lost, theirs)]
    answer = place(admin, "message", {"devices": named}, message="Call in")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    order = answer.get_json()["id"]
    assert lines(admin, order) == {
        mine.label: ("accepted", "", "queued"),
        lost.label: ("refused", "command_not_in_service", ""),
        theirs.label: ("refused", "not_permitted", ""),
    }
    (command,) = mine.check_in().get_json()["commands"]
    assert progress(admin, order) == ("done", {"accepted": 1, "refused": 2}, {"delivered": 1})
    mine.check_in(results=[{"command_id": command["id"], "outcome": "done"}])
    assert progress(admin, order)[2] == {"acknowledged": 1}
    assert (
        force.console("S2", "device_admin", unit="SOUTH")
        .get(f"/admin/v1/orders/{order}")
        .status_code
        == 403
    )


@pytest.mark.parametrize(
    ("kind", "targets", "status", "code"),
    [
        ("lock", {}, 422, "invalid_input"),
        ("lock", {"unit": "NORTH", "devices": [str(uuid4())]}, 422, "invalid_input"),
        ("lock", {"devices": [str(uuid4())]}, 404, "device_not_found"),
        ("lock", {"unit": "N1"}, 422, "order_without_targets"),
        ("reset_passcode", {"unit": "NORTH"}, 422, "invalid_input"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    admin: Console, kind: str, targets: dict[str, Any], status: int, code: str
) -> None:
    answer = place(admin, kind, targets)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


@pytest.fixture
def fleet(house: House, force: Force, admin: Console, monkeypatch: Any) -> list[TestTerminal]:
    """Five terminals in a house where more than two want a second person, in batches of two."""
    house.kernel.settings = replace(house.kernel.settings, four_eyes_terminals=2)
    monkeypatch.setattr(carrying, "BATCH", 2)
    return [force.enrolled(admin) for _ in range(5)]


def test_many_want_a_second_person_for_the_list_as_it_was_and_none_is_lost_on_the_way(
    house: House, force: Force, admin: Console, second: Console, fleet: list[TestTerminal]
) -> None:
    answer = place(admin, "lock", {"unit": "NORTH"})
    assert answer.status_code == 202, answer.get_data(as_text=True)
    order, approval = answer.get_json()["id"], answer.get_json()["approval_id"]
    late = force.enrolled(admin)
    assert progress(admin, order) == ("awaiting", {"waiting": 5}, {})
    assert admin.post(f"/admin/v1/approvals/{approval}/approve").status_code == 403
    assert second.post(f"/admin/v1/approvals/{approval}/approve").status_code == 200
    admin.post(f"/admin/v1/devices/{fleet[0].id}/retire", {"reason": WHY})
    _die_after_the_first_batch(house, order)
    assert progress(admin, order)[:2] == ("running", {"accepted": 1, "refused": 1, "waiting": 3})
    force.work()
    assert progress(admin, order) == ("done", {"accepted": 4, "refused": 1}, {"queued": 4})
    carrying.carry(house.kernel, {"order": order})
    assert progress(admin, order)[2] == {"queued": 4}, "run again it changes nothing"
    assert [one["kind"] for one in fleet[1].check_in().get_json()["commands"]] == ["lock"]
    assert late.check_in().get_json()["commands"] == [], "it came after the list was frozen"


def test_a_wipe_of_even_one_by_list_wants_a_second_person(
    force: Force, admin: Console, second: Console
) -> None:
    terminal = force.compliant(admin)
    answer = place(admin, "wipe", {"devices": [str(terminal.id)]})
    assert answer.status_code == 202
    assert terminal.check_in().get_json()["commands"] == []
    path = f"/admin/v1/approvals/{answer.get_json()['approval_id']}/approve"
    assert force.console("B1", "device_admin", unit="SOUTH").post(path).status_code == 403
    assert second.post(path).status_code == 200
    assert [one["kind"] for one in terminal.check_in().get_json()["commands"]] == ["wipe"]
    (line,) = lines(admin, answer.get_json()["id"]).values()
    assert line == ("accepted", "", "delivered")


def test_an_order_nobody_agreed_to_says_so_and_one_whose_list_was_changed_is_refused(
    house: House, force: Force, admin: Console, second: Console, fleet: list[TestTerminal]
) -> None:
    refused = place(admin, "lock", {"unit": "NORTH"}).get_json()
    path = f"/admin/v1/approvals/{refused['approval_id']}/refuse"
    assert second.post(path, {"note": "not tonight"}).status_code == 200
    assert progress(admin, refused["id"])[0] == "refused"
    tampered = place(admin, "lock", {"unit": "NORTH"}).get_json()
    with house.kernel.writes() as uow:
        row = uow.session.get_one(OrderTarget, (UUID(tampered["id"]), UUID(str(fleet[0].id))))
        uow.session.delete(row)
    path = f"/admin/v1/approvals/{tampered['approval_id']}/approve"
    assert second.post(path).status_code == 409
    assert progress(admin, tampered["id"])[0] == "awaiting"


def _die_after_the_first_batch(house: House, order: str) -> None:
    """Commit one batch and lose the worker in the middle of the next."""

    def one_batch(*, dies: bool) -> None:
        with house.kernel.writes() as uow:
            row = uow.session.get_one(Order, UUID(order))
            carrying._take_batch(uow, row, people.actor_for(uow, row.requested_by))
            if dies:
                raise RuntimeError("killed")

    one_batch(dies=False)
    with pytest.raises(RuntimeError):
        one_batch(dies=True)
