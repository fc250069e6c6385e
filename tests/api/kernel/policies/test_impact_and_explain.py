"""Who gains and who loses, by name; and may X do Y on Z, and why."""

from typing import Any

import pytest
from sqlalchemy import select

from muster.kernel.audit.models import ENTRIES
from muster.kernel.identity.models import Certification

from .conftest import LOCK, SETS, Office

EXPLAIN = "/admin/v1/access/explain"


def effects(office: Office, **document: Any) -> dict[tuple[str, str], list[str]]:
    made = office.draft(**document)
    answer = office.auditor.get(f"{SETS}/{made['id']}/impact")
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    assert found["complete"]
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in found["effects"]:
        people = grouped.setdefault((one["action"], one["change"]), [])
        people += [officer["number"] for officer in one["officers"]]
        assert one["situations"]
    return {key: sorted(set(people)) for key, people in grouped.items()}


def test_a_grant_names_those_who_gain(office: Office) -> None:
    office.force.officer("V2", "supervisor", unit="SOUTH")
    office.force.officer("V3", "supervisor", "device_admin", unit="SOUTH")
    assert effects(office, grants=[LOCK]) == {("mdm.device.refresh", "gains"): ["V1", "V2"]}


def test_what_is_switched_off_names_those_who_lose(office: Office) -> None:
    lost = effects(office, off=["audit.auditors-read"])
    assert set(map(tuple, lost.values())) == {("A1",)}
    assert {change for _, change in lost} == {"loses"}
    assert ("audit.entry.list", "loses") in lost


def test_a_condition_names_those_it_stops_and_where(office: Office) -> None:
    office.force.officer("D1", "device_admin")
    office.force.officer("D2", "device_admin", sworn=False)
    wipe = {"actions": ["mdm.device.wipe"]}
    assert effects(office, conditions=[{"template": "sworn", "name": "a", **wipe}]) == {
        ("mdm.device.wipe", "loses"): ["D2"]
    }
    made = office.draft(
        conditions=[{"template": "zone", "name": "a", "values": {"zones": ["office"]}, **wipe}]
    )
    (effect,) = office.auditor.get(f"{SETS}/{made['id']}/impact").get_json()["effects"]
    assert [one["number"] for one in effect["officers"]] == ["D1", "D2"]
    assert {one["place"] for one in effect["situations"]} == {"own_unit"}


def test_a_condition_of_one_unit_names_only_those_over_it(office: Office) -> None:
    for number, unit in (("D1", "NORTH"), ("D2", "SOUTH"), ("D3", "CITY")):
        office.force.officer(number, "device_admin", unit=unit)
    condition = {"template": "rank", "name": "a", "actions": ["mdm.device.lock"], "unit": "NORTH"}
    assert effects(office, conditions=[condition | {"values": {"at_least": 9}}]) == {
        ("mdm.device.lock", "loses"): ["D1", "D3"]
    }


def test_a_certification_counts_person_by_person(office: Office) -> None:
    with office.house.kernel.writes() as uow:
        for number, certified in (("D1", True), ("D2", False)):
            officer = office.force.officer(number, "device_admin")
            if certified:
                uow.session.add(Certification(officer_id=officer, dataset="fleet"))
    condition = {
        "template": "certification",
        "name": "a",
        "actions": ["mdm.device.lock"],
        "values": {"dataset": "fleet"},
    }
    assert effects(office, conditions=[condition]) == {("mdm.device.lock", "loses"): ["D2"]}


def test_whom_a_rule_names_is_named(office: Office) -> None:
    officer = office.force.officer("V2", "supervisor", unit="NORTH")
    named = (
        f'@id("x.one") permit (principal == Officer::"{officer}", '
        'action == Action::"audit.log.verify", resource);'
    )
    assert effects(office, expert=named) == {("audit.log.verify", "gains"): ["V2"]}


def test_nothing_changes_when_nothing_differs(office: Office) -> None:
    assert effects(office) == {}


def explain(office: Office, **query: Any) -> Any:
    answer = office.auditor.get(EXPLAIN, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_permission_names_its_rule_and_what_it_asked(office: Office) -> None:
    office.force.officer("D1", "device_admin")
    told = explain(office, officer="D1", action="mdm.device.lock", unit="N1")
    assert told["allowed"]
    (rule,) = told["rules"]
    assert (rule["id"], rule["layer"]) == ("mdm.commands.device-admins-order", "shipped")
    assert "device_admin" in rule["text"]
    assert told["used"]["principal.posts.device_admin"] == ["NORTH"]
    assert told["used"]["resource.unit"] == "N1"
    assert (told["name"], told["number"]) == ("Officer D1", 0)


def test_a_refusal_says_what_alone_would_lift_it(office: Office) -> None:
    told = explain(office, officer="V1", action="mdm.device.lock", unit="N1")
    assert not told["allowed"]
    assert told["rules"] == []
    assert told["lifts"] == ["the role duty_desk at N1", "the role device_admin at N1"]
    assert "mdm.commands.device-admins-order" in {rule["id"] for rule in told["permits"]}


@pytest.mark.parametrize(
    ("template", "values", "lift"),
    [
        ("zone", {"zones": ["office"]}, "the network zone office"),
        ("duty", {}, "being on duty"),
        ("certification", {"dataset": "fleet"}, "the certification fleet"),
        ("rank", {"at_least": 3}, "rank 3"),
    ],
)
def test_a_condition_says_what_would_meet_it(
    office: Office, template: str, values: dict[str, Any], lift: str
) -> None:
    office.force.officer("D1", "device_admin")
    condition = {
        "template": template,
        "name": "c",
        "actions": ["mdm.device.lock"],
        "values": values,
    }
    made = office.draft(conditions=[condition])
    query = {"officer": "D1", "action": "mdm.device.lock", "unit": "NORTH"}
    assert explain(office, **query)["allowed"]
    told = explain(office, **query, set_id=made["id"])
    assert not told["allowed"]
    assert told["lifts"] == [lift]
    assert [rule["id"] for rule in told["rules"]] == ["condition.c"]


def test_a_purpose_lifts_what_asks_for_one(office: Office) -> None:
    office.force.officer("O1", "officer")
    query = {
        "officer": "O1",
        "action": "field.check.run",
        "own": True,
        "attribute": ["purpose_covers=true", "case_ref_fits=true", "reason_given=true"],
    }
    told = explain(office, **query)
    assert not told["allowed"]
    assert "a purpose and a case number" in told["lifts"]


def test_the_question_itself_is_on_record(office: Office) -> None:
    explain(office, officer="V1", action="mdm.device.lock", unit="N1")
    with office.house.kernel.reads() as uow:
        row = uow.session.execute(select(ENTRIES).where(ENTRIES.c.action == "access.explain")).one()
    assert row.actor_id == office.auditor.officer_id


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"officer": "nobody", "action": "mdm.device.lock"}, 404),
        ({"officer": "V1", "action": "mdm.device.eat"}, 404),
        ({"officer": "V1", "action": "mdm.device.lock", "unit": "MOON"}, 404),
        ({"officer": "V1", "action": "mdm.device.lock", "attribute": "colour=red"}, 422),
        ({"officer": "V1", "action": "mdm.device.lock", "attribute": "held=perhaps"}, 422),
        (
            {
                "officer": "V1",
                "action": "mdm.device.lock",
                "attribute": ["held=true", "held=false"],
            },
            400,
        ),
        ({"officer": "V1"}, 422),
    ],
)
def test_what_cannot_be_asked_is_said(office: Office, query: dict[str, Any], status: int) -> None:
    assert office.auditor.get(EXPLAIN, query_string=query).status_code == status
