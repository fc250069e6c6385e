"""What holds when several requests come at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from tests.conftest import House
from tests.factories.mdm import ORIGIN, Console, Force, qr
from tests.factories.terminal import TestTerminal


def own_client(house: House) -> TestTerminal:
    return TestTerminal(house.app.test_client(), ORIGIN, clock=house.clock)


def test_of_many_that_come_with_a_single_token_one_gets_in(
    house: House, force: Force, admin: Console
) -> None:
    content = qr(admin)
    terminals = [own_client(house) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda terminal: terminal.enrol(content), terminals))
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403]
    assert len(admin.get("/admin/v1/devices").get_json()["items"]) == 1


def test_a_lost_answer_asked_for_twice_at_once_makes_one_terminal(
    house: House, force: Force, admin: Console
) -> None:
    content, terminal = qr(admin), own_client(house)
    with ThreadPoolExecutor(2) as pool:
        codes = [
            answer.status_code for answer in pool.map(lambda _: terminal.enrol(content), range(2))
        ]
    assert 201 in codes
    assert terminal.enrol(content).status_code == 201, "a refused twin just asks again"
    assert len(admin.get("/admin/v1/devices").get_json()["items"]) == 1


def test_a_report_that_runs_beside_never_undoes_that_a_terminal_is_lost(
    house: House, force: Force, admin: Console
) -> None:
    terminal = force.compliant(admin)
    desk = Console(house.app.test_client(), admin.secret, admin.officer_id)
    path = f"/admin/v1/devices/{terminal.id}/lost"
    with ThreadPoolExecutor(2) as pool:
        reports = pool.submit(lambda: [terminal.check_in().status_code for _ in range(12)])
        lost = pool.submit(lambda: desk.post(path, {"reason": "left in a taxi"}).status_code)
    assert lost.result() == 200
    assert set(reports.result()) == {200}
    shown = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    assert (shown["state"], shown["tier"]) == ("lost", 0)
