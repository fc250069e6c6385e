"""SCIM 2.0 as a personnel system speaks it: joiners, movers, leavers, and nothing more than those."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.identity import clients
from muster.kernel.identity.directory.scim_patch import patched
from muster.kernel.identity.directory.scim_wire import ENTERPRISE, OFFICER, PATCH, USER, ScimFault
from muster.kernel.notices import Notice
from tests.api.identity.conftest import Desk, Force

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@dataclass
class Personnel:
    """The personnel system with its credential."""

    force: Force
    secret: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.force.house.client.open(
            f"/scim/v2{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.secret}", **headers},
            content_type="application/scim+json" if body is not None else None,
        )

    def join(self, number: str, **extension: Any) -> dict[str, Any]:
        answer = self.call("POST", "/Users", user(number, **extension))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        made: dict[str, Any] = answer.get_json()
        return made


def user(number: str, unit: str = "SOUTH", **extension: Any) -> dict[str, Any]:
    return {
        "schemas": [USER, ENTERPRISE, OFFICER],
        "userName": number,
        "externalId": f"hr-{number}",
        "displayName": f"Person {number}",
        "active": True,
        ENTERPRISE: {"employeeNumber": number, "department": unit},
        OFFICER: {"sworn": True, "rank": 1} | extension,
    }


def operations(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


def issue(desk: Desk, **changes: Any) -> TestResponse:
    wish = {"surface": "scim", "label": "HR", "client": "personnel", "scope": ["people"]}
    return desk.call("POST", "/admin/v1/client-credentials", json=wish | changes)


@pytest.fixture
def personnel(force: Force) -> Personnel:
    with force.house.kernel.writes() as uow:
        clients.register(uow, "personnel", "console", scopes=["people"])
    return Personnel(force, issue(force.admin("A1")).get_json()["secret"])


def test_a_joiner_is_made_found_moved_and_leaves(personnel: Personnel) -> None:
    force = personnel.force
    made = personnel.join("300001", certifications=[{"value": "hot_lists"}])
    assert made["meta"]["location"].endswith(f"/scim/v2/Users/{made['id']}")
    assert made[OFFICER]["roles"] == [{"value": "officer", "unit": "SOUTH"}]
    found = personnel.call("GET", '/Users?filter=externalId eq "hr-300001"').get_json()
    assert (found["totalResults"], found["Resources"][0]["id"]) == (1, made["id"])
    path = f"/Users/{made['id']}"
    moved = personnel.call("PUT", path, user("300001", unit="NORTH"))
    assert moved.get_json()[ENTERPRISE]["department"] == "NORTH"
    assert moved.get_json()[OFFICER]["roles"] == [{"value": "officer", "unit": "NORTH"}]
    assert moved.get_json()[OFFICER]["certifications"] == []  # a mover's end with the old unit
    assert "identity.officer.moved" in _notices(force)
    assert personnel.call("DELETE", path).status_code == 204
    assert force.officer("300001").state == "left"
    assert personnel.call("GET", path).status_code == 404
    back = personnel.call("POST", "/Users", user("300001"))
    assert (back.status_code, back.get_json()["id"]) == (201, made["id"])
    assert force.officer("300001").state == "active"


def test_a_patch_is_carried_out_whole_or_not_at_all(personnel: Personnel) -> None:
    made = personnel.join("300001")
    path = f"/Users/{made['id']}"
    good = operations(
        {"op": "Replace", "path": f"{OFFICER}:rank", "value": 4},
        {"op": "add", "path": f"{OFFICER}:certifications", "value": [{"value": "hot_lists"}]},
        {"op": "replace", "value": {"displayName": "Another Name"}},
    )
    after = personnel.call("PATCH", path, good).get_json()
    assert (after[OFFICER]["rank"], after["displayName"]) == (4, "Another Name")
    bad = operations(
        {"op": "replace", "path": "displayName", "value": "Third Name"},
        {"op": "replace", "path": f"{ENTERPRISE}:department", "value": "WEST"},
    )
    assert personnel.call("PATCH", path, bad).get_json()["scimType"] == "invalidValue"
    assert personnel.call("GET", path).get_json()["displayName"] == "Another Name"
    taken = operations({"op": "remove", "path": f'{OFFICER}:certifications[value eq "hot_lists"]'})
    assert personnel.call("PATCH", path, taken).get_json()[OFFICER]["certifications"] == []
    gone = operations({"op": "replace", "path": "active", "value": "False"})
    assert personnel.call("PATCH", path, gone).get_json()["active"] is False
    assert personnel.force.officer("300001").state == "left"


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "password", "value": "x"}, "invalidPath"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "remove", "path": f'{OFFICER}:roles[value eq "x"]'}, "noTarget"),
        ({"op": "move", "path": "active"}, "invalidSyntax"),
        ({"op": "replace", "path": "a[b eq", "value": 1}, "invalidPath"),
    ],
)
def test_a_patch_that_means_nothing_says_so(operation: dict[str, Any], scim_type: str) -> None:
    with pytest.raises(ScimFault) as refused:
        patched(user("1", roles=[{"value": "officer"}]), operations(operation))
    assert refused.value.scim_type == scim_type


@pytest.mark.parametrize(
    ("change", "status", "scim_type"),
    [
        (user("204001"), 409, "uniqueness"),
        ({"userName": ""}, 400, "invalidValue"),
        ({"externalId": "hr-300009"}, 409, "uniqueness"),
        ({ENTERPRISE: {"department": "WEST"}}, 400, "invalidValue"),
        ({ENTERPRISE: {"employeeNumber": "1", "department": "SOUTH"}}, 400, "invalidValue"),
        ({OFFICER: {"roles": [{"value": "security_admin"}]}}, 400, "invalidValue"),
        ({OFFICER: {"roles": [{"value": "supervisor", "unit": "SOUTH"}]}}, 400, "invalidValue"),
        ({OFFICER: {"rank": "high"}}, 400, "invalidValue"),
        ({OFFICER: {"roles": "officer"}}, 400, "invalidSyntax"),
    ],
)
def test_what_nobody_can_join_as(
    personnel: Personnel, change: dict[str, Any], status: int, scim_type: str
) -> None:
    personnel.join("300009")
    answer = personnel.call("POST", "/Users", user("300001") | change)
    assert (answer.status_code, answer.mimetype) == (status, "application/scim+json")
    told = answer.get_json()
    assert (told["schemas"], told["status"], told["scimType"]) == ([ERROR], str(status), scim_type)


def test_administrators_are_not_changed_and_their_leaving_is_held(personnel: Personnel) -> None:
    force = personnel.force
    path = f"/Users/{force.officer('204002').id}"
    shown = personnel.call("GET", path).get_json()
    shown["displayName"] = "Somebody Else"
    assert personnel.call("PUT", path, shown).status_code == 403
    held = personnel.call("DELETE", path)
    assert held.status_code == 403
    assert force.officer("204002").state == "active"
    runs = force.admin("A1").call("GET", "/admin/v1/directory/runs").get_json()["items"]
    assert [line["number"] for line in runs[0]["held"]] == ["204002"]


def test_too_many_removals_a_day_are_held(personnel: Personnel) -> None:
    ids = [personnel.join(f"30000{n}")["id"] for n in range(6)]
    answers = [personnel.call("DELETE", f"/Users/{user_id}").status_code for user_id in ids]
    assert answers == [204, 204, 204, 403, 403, 403]
    security = personnel.force.admin("A1")
    runs = security.call("GET", "/admin/v1/directory/runs").get_json()["items"]
    (held,) = [run for run in runs if run["state"] == "held"]
    assert [line["number"] for line in held["held"]] == ["300003", "300004", "300005"]
    order = {"release": True, "reason": "Confirmed with personnel"}
    path = f"/admin/v1/directory/runs/{held['id']}/decide"
    assert security.call("POST", path, json=order).status_code == 200
    personnel.force.work()
    assert personnel.force.officer("300004").state == "left"


def test_a_suspended_officer_is_not_let_in_again_from_outside(personnel: Personnel) -> None:
    made = personnel.join("300001")
    suspend = f"/admin/v1/officers/{made['id']}/suspend"
    security = personnel.force.admin("A1")
    assert security.call("POST", suspend, json={"reason": "Under inquiry"}).status_code == 200
    assert personnel.call("PUT", f"/Users/{made['id']}", user("300001")).status_code == 200
    assert personnel.force.officer("300001").state == "suspended"


def test_versions_pages_and_what_is_offered(personnel: Personnel) -> None:
    made = personnel.join("300001")
    path, tag = f"/Users/{made['id']}", made["meta"]["version"]
    assert personnel.call("GET", path).headers["ETag"] == tag
    changed = user("300001") | {"displayName": "New Name"}
    assert personnel.call("PUT", path, changed, **{"If-Match": tag}).status_code == 200
    stale = personnel.call("PUT", path, user("300001"), **{"If-Match": tag})
    assert (stale.status_code, stale.get_json()["schemas"]) == (412, [ERROR])
    first = personnel.call("GET", "/Users?startIndex=1&count=3").get_json()
    second = personnel.call("GET", "/Users?startIndex=4&count=200").get_json()
    numbers = [item["userName"] for item in first["Resources"] + second["Resources"]]
    assert numbers == sorted(numbers)
    assert len(numbers) == first["totalResults"] == 8
    wrong = personnel.call("GET", '/Users?filter=displayName co "a"').get_json()
    assert wrong["scimType"] == "invalidFilter"
    for document in ("ServiceProviderConfig", "ResourceTypes", "Schemas", f"Schemas/{OFFICER}"):
        assert personnel.call("GET", f"/{document}").status_code == 200, document


def test_only_a_security_admins_credential_for_people_opens_it(
    force: Force, personnel: Personnel
) -> None:
    refused = issue(force.admin("204002"))
    assert refused.get_json()["rule"] == "identity.nobody-else-issues-for-the-personnel-system"
    narrow = issue(force.admin("A1"), client="muster.field").get_json()["secret"]
    other = issue(force.admin("A1"), surface="ogc").get_json()["secret"]
    for secret, status in ((narrow, 403), (other, 401), ("mcc_" + "x" * 43, 401)):
        answer = Personnel(force, secret).call("GET", "/Users")
        assert (answer.status_code, answer.get_json()["schemas"]) == (status, [ERROR])
    desk = force.admin("A1")
    assert desk.call("GET", "/scim/v2/Users").status_code == 401
    security = Personnel(force, issue(desk).get_json()["secret"])
    bearer = {"Authorization": f"Bearer {security.secret}"}
    assert force.house.client.get("/admin/v1/officers", headers=bearer).status_code == 401


def _notices(force: Force) -> list[str]:
    with force.house.kernel.reads() as uow:
        return list(uow.session.scalars(select(Notice.kind)))
