"""The auditor's desk: whoever reads the log stands in it too."""

import base64
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from muster.kernel import guard
from muster.kernel.audit import Proof, VerifierKey, verify_proof
from muster.kernel.audit.models import ENTRIES
from muster.kernel.identity.people import actor_for
from muster.ondevice.subjects import normalise
from tests.conftest import House
from tests.factories.audit import seal_all
from tests.factories.mdm import Console, Force

PATH = "/admin/v1/audit"
PLATE = {"kind": "plate", "value": "京A12345", "reason": "complaint 17 of this week"}


@pytest.fixture
def auditor(force: Force) -> Console:
    return force.console("A9", "auditor", unit="CITY")


def entries(auditor: Console, **query: Any) -> list[dict[str, Any]]:
    answer = auditor.get(f"{PATH}/entries", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def test_reading_the_log_is_on_the_log(auditor: Console) -> None:
    entries(auditor, outcome="denied")
    (seen,) = entries(auditor, action="audit.entry.list", limit=1)
    assert seen["document"]["actor_id"] == str(auditor.officer_id)
    assert "outcome" in seen["document"]["result"]["filters"]
    assert "denied" not in str(seen["document"]["result"])


def test_pages_of_the_log_go_on_where_they_ended(auditor: Console) -> None:
    for _ in range(4):
        entries(auditor)
    first = auditor.get(f"{PATH}/entries?limit=3").get_json()
    then = auditor.get(f"{PATH}/entries", query_string={"limit": 3, "after": first["next"]})
    numbers = [item["n"] for item in [*first["items"], *then.get_json()["items"]]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert auditor.get(f"{PATH}/entries?after=WzFd").status_code == 200
    for cursor in ("W10", "WyJ4Il0", "Wy0xXQ", "WzFlOTld", "x"):
        answer = auditor.get(f"{PATH}/entries", query_string={"after": cursor})
        assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed"), cursor


@pytest.mark.parametrize("role", ["device_admin", "supervisor", "publisher", "system_admin"])
def test_others_read_nothing_of_it(force: Force, role: str) -> None:
    somebody = force.console("A1", role)
    for method, path, body in (
        ("GET", "/entries", None),
        ("GET", f"/entries/{uuid4()}", None),
        ("GET", f"/entries/{uuid4()}/proof", None),
        ("POST", "/subject-searches", PLATE),
        ("POST", "/subject-searches", PLATE | {"kind": "ghost"}),
        ("POST", "/verifications", None),
    ):
        assert somebody.call(method, PATH + path, body).status_code == 403, path


def test_who_looked_somebody_up_is_answered_and_recorded(
    house: House, force: Force, auditor: Console
) -> None:
    subject = normalise(PLATE["kind"], PLATE["value"]).subject
    with house.kernel.writes() as uow:
        actor = actor_for(uow, force.console("A1", "device_admin").officer_id)
        guard.require(uow, actor, "approvals.read", guard.FORCE, subjects=[subject])
    answer = auditor.post(f"{PATH}/subject-searches", PLATE)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = answer.get_json()["items"]
    assert [item["document"]["action"] for item in found] == ["approvals.read"]
    assert PLATE["value"] not in answer.get_data(as_text=True)
    (search,) = entries(auditor, action="audit.subject.search")
    assert search["document"]["reason"] == PLATE["reason"]
    assert search["document"]["subjects"][0]["hash"] == found[0]["document"]["subjects"][0]["hash"]
    again = auditor.post(f"{PATH}/subject-searches", PLATE).get_json()["items"]
    assert len(again) == 2  # the first search was about this subject too


def test_a_search_says_why_and_whom(auditor: Console) -> None:
    for change in ({"reason": "no"}, {"value": ""}, {"kind": "ghost"}, {"limit": 0}):
        answer = auditor.post(f"{PATH}/subject-searches", PLATE | change)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_input"), change


def test_an_entry_is_proved_to_a_court(house: House, auditor: Console) -> None:
    entries(auditor)
    (seen,) = entries(auditor, action="audit.entry.list", limit=1)
    assert not seen["sealed"]
    early = auditor.get(f"{PATH}/entries/{seen['id']}/proof")
    assert (early.status_code, early.get_json()["code"]) == (409, "audit_not_sealed")
    seal_all(house.kernel)
    told = auditor.get(f"{PATH}/entries/{seen['id']}/proof").get_json()
    proof = Proof(
        entry=base64.b64decode(told["entry"]),
        seq=told["seq"],
        size=told["size"],
        path=tuple(bytes.fromhex(step) for step in told["path"]),
        note=told["note"],
        algorithm=told["algorithm"],
    )
    keys = [VerifierKey.parse(key) for key in told["verifier_keys"]]
    assert any(verify_proof(proof, key) for key in keys)
    forged = replace(proof, entry=proof.entry.replace(b"permitted", b"denied"))
    assert not any(verify_proof(forged, key) for key in keys)
    assert auditor.get(f"{PATH}/entries/{uuid4()}").status_code == 404


def test_the_log_is_found_sound_until_somebody_touches_it(house: House, auditor: Console) -> None:
    for _ in range(5):
        entries(auditor)
    seal_all(house.kernel)
    assert auditor.post(f"{PATH}/verifications").get_json()["sound"]
    with house.kernel.db.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {ENTRIES.name} WHERE n = 3"))
    verdict = auditor.post(f"{PATH}/verifications").get_json()
    assert (verdict["sound"], verdict["first_bad"]) == (False, 2)
    (row,) = entries(auditor, action="audit.log.verify", limit=1)
    assert row["document"]["result"]["sound"] is False
