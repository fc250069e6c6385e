"""Client credentials: for oneself, or for doors that give software only."""

from muster.kernel.identity import gate, secret_hash
from muster.kernel.identity.actor import Origin
from tests.api.identity.conftest import Desk, Force

PATH = "/admin/v1/client-credentials"


def body(surface: str, **more: object) -> dict[str, object]:
    return {"surface": surface, "label": "desk", "client": "muster.field", **more}


def issued(desk: Desk, **fields: object) -> dict[str, str]:
    answer = desk.call("POST", PATH, json=body("ogc", **fields))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told: dict[str, str] = answer.get_json()
    return told


def test_one_makes_and_ends_a_credential_of_ones_own(force: Force) -> None:
    desk = force.admin("204002")
    told = issued(desk, days=7, purpose="patrol")
    hashed = secret_hash(told["secret"])
    actor = gate.by_credential(force.house.kernel, hashed, "ogc", Origin())
    assert (actor.label, actor.purpose) == ("204002", "patrol")
    listed = desk.call("GET", PATH).get_json()["items"]
    assert [item["id"] for item in listed] == [told["id"]]
    assert "secret" not in listed[0]
    assert desk.call("DELETE", f"{PATH}/{told['id']}").status_code == 204
    assert desk.call("GET", PATH).get_json()["items"][0]["revoked_at"]


def test_nobody_makes_one_in_anothers_name_for_a_door_with_records(force: Force) -> None:
    officer = str(force.officer("204001").id)
    desk = force.admin("A2")
    assert desk.call("POST", PATH, json=body("ogc", officer_id=officer)).status_code == 403
    assert desk.call("POST", PATH, json=body("fdroid", officer_id=officer)).status_code == 201


def test_a_life_beyond_a_year_is_refused(force: Force) -> None:
    answer = force.admin("204002").call("POST", PATH, json=body("ogc", days=9999))
    assert answer.status_code == 422


def test_a_made_up_cursor_is_explained(force: Force) -> None:
    answer = force.admin("204002").call("GET", PATH, query_string={"after": "WyJ4Il0"})
    assert answer.get_json()["code"] == "malformed"
