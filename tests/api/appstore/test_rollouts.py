"""Raising, halting and going on; and the one view behind list, desired state and downloads."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories.appstore import REASON, Store, apk, compiled, desired, download
from tests.factories.terminal import TestTerminal


def raised(store: Store, rollout: dict[str, Any], percent: int, version: int = 1) -> TestResponse:
    headers = {"If-Match": f'"v{version}"'}
    path = f"/appstore/v1/rollouts/{rollout['id']}"
    return store.admin.call("PATCH", path, {"percent": percent}, headers=headers)


def halt(store: Store, rollout: dict[str, Any], verb: str = "halt") -> TestResponse:
    answer = store.admin.post(f"/appstore/v1/rollouts/{rollout['id']}/{verb}", REASON)
    store.force.work()
    return answer


def installs(terminal: TestTerminal, release: dict[str, Any]) -> None:
    report = {"package": release["package"], "version_code": release["version_code"]}
    assert terminal.check_in(apps=[report | {"state": "installed"}]).status_code == 200


def codes(terminal: TestTerminal) -> list[int]:
    return [app["version_code"] for app in desired(terminal)]


def test_every_terminal_is_reached_at_a_hundred_percent_and_none_is_lost_on_the_way(
    store: Store,
) -> None:
    terminals = [store.terminal(store.pilot) for _ in range(4)]
    release = store.approved(apk(1))
    rollout = store.rolled(release, store.pilot, percent=40)
    early = [codes(terminal) == [1] for terminal in terminals]
    assert raised(store, rollout, 70).status_code == 200
    later = [codes(terminal) == [1] for terminal in terminals]
    assert raised(store, rollout, 100, version=2).status_code == 200
    assert all(was <= now for was, now in zip(early, later, strict=True))
    assert [codes(terminal) for terminal in terminals] == [[1]] * 4


def test_a_percentage_never_falls(store: Store) -> None:
    rollout = store.rolled(store.approved(apk(1)), store.pilot, percent=50)
    answer = raised(store, rollout, 49)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "rollout_percent_falls")


def test_two_people_who_raise_at_once_do_not_overwrite_each_other(store: Store) -> None:
    rollout = store.rolled(store.approved(apk(1)), store.pilot, percent=10)
    assert raised(store, rollout, 50).status_code == 200
    assert raised(store, rollout, 20).status_code == 412


def test_a_halted_release_stays_where_it_is_installed_and_reaches_nobody_else(
    store: Store,
) -> None:
    quick, slow = store.terminal(store.pilot), store.terminal(store.pilot)
    first = store.approved(apk(1))
    store.rolled(first, store.pilot)
    for terminal in (quick, slow):
        installs(terminal, first)
    second = store.approved(apk(2))
    rollout = store.rolled(second, store.pilot)
    installs(quick, second)
    assert halt(store, rollout).status_code == 200
    assert store.state(second) == "halted"
    assert (codes(quick), codes(slow)) == ([2], [1])
    assert [app["version_code"] for app in compiled(slow)] == [1]
    assert download(slow, second["sha256"]).status_code == 404
    assert halt(store, rollout, "resume").status_code == 200
    assert (store.state(second), codes(slow)) == ("rolling", [2])


def test_a_report_that_comes_after_the_halt_brings_the_release_back(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    release = store.approved(apk(1))
    rollout = store.rolled(release, store.pilot)
    halt(store, rollout)
    assert compiled(terminal) == []
    installs(terminal, release)
    store.force.work()
    assert [app["version_code"] for app in compiled(terminal)] == [1]


def test_a_release_is_halted_in_all_rings_at_once(store: Store) -> None:
    other = store.group("other")
    release = store.approved(apk(1))
    for ring in (store.pilot, other):
        store.rolled(release, ring)
    path = f"/appstore/v1/releases/{release['id']}/halt"
    answer = store.admin.post(path, REASON)
    assert [rollout["state"] for rollout in answer.get_json()] == ["halted", "halted"]
    assert store.state(release) == "halted"


def test_a_ring_is_entered_once(store: Store) -> None:
    release = store.approved(apk(1))
    store.rolled(release, store.pilot)
    answer = store.start(release, store.pilot)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "rollout_exists")


def test_a_ring_that_does_not_exist_is_refused(store: Store) -> None:
    release = store.approved(apk(1))
    answer = store.start(release, release["id"])
    assert (answer.status_code, answer.get_json()["code"]) == (404, "group_not_found")


def test_device_admins_of_other_units_start_nothing_here(store: Store) -> None:
    release = store.approved(apk(1))
    southern = store.force.console("A9", "device_admin", unit="SOUTH")
    path = f"/appstore/v1/releases/{release['id']}/rollouts"
    assert southern.post(path, {"group_id": store.pilot, **REASON}).status_code == 403
    assert store.publisher.post(path, {"group_id": store.pilot, **REASON}).status_code == 201
