"""The list of officers: pages by number, and only below a unit one answers for."""

from tests.api.identity.conftest import Force


def test_officers_come_in_pages_of_a_unit_and_all_below(force: Force) -> None:
    desk, numbers, after = force.admin("A1"), [], None
    while True:
        query = {"limit": 2} | ({"after": after} if after else {})
        told = desk.call("GET", "/admin/v1/officers", query_string=query).get_json()
        numbers += [officer["number"] for officer in told["items"]]
        after = told["next"]
        if after is None:
            break
    assert numbers == sorted(numbers)
    assert len(numbers) == 7


def test_another_branch_is_not_shown(force: Force) -> None:
    desk = force.admin("204002")
    listed = desk.call("GET", "/admin/v1/officers").get_json()["items"]
    assert {officer["number"] for officer in listed} == {"204001", "204002", "A2"}
    assert desk.call("GET", "/admin/v1/officers?unit=SOUTH").status_code == 403
    assert desk.call("GET", "/admin/v1/officers?unit=NOWHERE").status_code == 404
