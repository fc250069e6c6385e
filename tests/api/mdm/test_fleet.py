"""The list of terminals shows each admin their own, page by page."""

from tests.factories.mdm import Console, Force
from tests.factories.terminal import COMPLIANT


def ids(console: Console, **query: object) -> list[str]:
    shown = console.get("/admin/v1/devices", query_string=query).get_json()["items"]
    return [one["id"] for one in shown]


def test_an_admin_sees_the_terminals_of_their_units(force: Force, admin: Console) -> None:
    chief = force.console("C1", "device_admin", unit="CITY")
    below, beside = force.enrolled(admin, unit="N1"), force.enrolled(chief, unit="SOUTH")
    assert ids(admin) == [str(below.id)]
    assert ids(chief) == [str(beside.id), str(below.id)]
    assert admin.get(f"/admin/v1/devices/{beside.id}").status_code == 403
    assert ids(force.console("U1", "auditor", unit="SOUTH")) == [str(beside.id)]


def test_filters_narrow_the_list(force: Force, admin: Console) -> None:
    good, rooted, lost = (force.compliant(admin) for _ in range(3))
    rooted.check_in(posture=COMPLIANT | {"rooted": True})
    admin.post(f"/admin/v1/devices/{lost.id}/lost", {"reason": "left in a taxi"})
    assert ids(admin, compliant="true") == [str(good.id)]
    assert ids(admin, compliant="false") == [str(lost.id), str(rooted.id)]
    assert ids(admin, state="lost") == [str(lost.id)]
    assert ids(admin, text=good.serial[:11]) == [str(good.id)]
    assert ids(admin, text="%") == []
    assert ids(admin, unit="N1") == []


def test_pages_follow_each_other_without_gaps(force: Force, admin: Console) -> None:
    terminals = [str(force.enrolled(admin).id) for _ in range(5)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"after": cursor} if cursor else {})
        shown = admin.get("/admin/v1/devices", query_string=query).get_json()
        seen += [one["id"] for one in shown["items"]]
        if (cursor := shown["next"]) is None:
            break
    assert seen == terminals[::-1]


def test_a_cursor_that_is_not_ours_is_refused(admin: Console, force: Force) -> None:
    terminal = force.enrolled(admin)
    for path in ("/admin/v1/devices", f"/admin/v1/devices/{terminal.id}/timeline"):
        for cursor in ("nonsense", "WzFd", "WyJ4IiwieSJd", "WzEsMl0"):
            answer = admin.get(path, query_string={"after": cursor})
            assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed"), cursor


def test_an_officer_without_a_post_reads_no_fleet(force: Force) -> None:
    nobody = force.console("P9", "publisher")
    assert nobody.get("/admin/v1/devices").status_code == 403
