"""The ways back: old code comes again under a higher number, or an older release costs data."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories.appstore import PACKAGE, REASON, Store, apk, compiled, desired, download, key
from tests.factories.terminal import TestTerminal


def says(terminal: TestTerminal, code: int, state: str = "installed", **more: Any) -> None:
    said = {"package": PACKAGE, "version_code": code, "state": state, **more}
    assert terminal.check_in(apps=[said]).status_code == 200


def gone_wrong(store: Store, *terminals: TestTerminal) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a good release and a bad one, halted, that all these terminals have."""
    good = store.approved(apk(1))
    store.rolled(good, store.pilot)
    bad = store.approved(apk(2))
    store.rolled(bad, store.pilot)
    for terminal in terminals:
        says(terminal, 2)
    answer = store.admin.post(f"/appstore/v1/releases/{bad['id']}/halt", REASON)
    assert answer.status_code == 200
    store.force.work()
    return good, bad


def back(store: Store, bad: dict[str, Any], good: dict[str, Any], group: str = "") -> TestResponse:
    body = {"release": bad["id"], "to": good["id"], "group": group or store.pilot, **REASON}
    return store.admin.post("/appstore/v1/rollbacks", body)


def agree(store: Store, order: dict[str, Any]) -> TestResponse:
    answer = store.approve(order)
    store.force.work()
    return answer


def test_going_back_waits_for_a_second_person_and_for_unsent_work(store: Store) -> None:
    quick, busy, outside = (
        store.terminal(store.pilot),
        store.terminal(store.pilot),
        store.terminal(),
    )
    good, bad = gone_wrong(store, quick, busy, outside)
    asked = back(store, bad, good)
    assert asked.status_code == 202, asked.get_data(as_text=True)
    order = asked.get_json()
    assert (order["state"], order["data_loss"], order["turns"]) == ("asked", True, {})
    assert [app["version_code"] for app in desired(quick)] == [2]
    alone = store.admin.post(f"/admin/v1/approvals/{order['approval_id']}/approve")
    assert alone.get_json()["code"] == "second_person_required"
    assert agree(store, order).status_code == 200

    (entry,) = compiled(quick)
    assert desired(quick) == [entry]
    assert entry["reinstall"] == {
        "order": order["id"],
        "version_code": 1,
        "sha256": good["sha256"],
        "size": good["size"],
        "signer": good["signer"],
        "url": f"/appstore/v1/downloads/{good['sha256']}",
        "data_loss": True,
    }
    assert download(quick, good["sha256"]).status_code == 200
    assert download(outside, good["sha256"]).status_code == 404
    says(quick, 1)
    says(busy, 1, "waiting_outbox", unsent=3, detail="3 pieces of work are not sent yet")
    store.force.work()
    path = f"/appstore/v1/rollbacks/{order['id']}"
    told = store.admin.get(path).get_json()
    assert (told["state"], told["turns"]) == ("running", {"done": 1, "waiting_outbox": 1})
    turns = store.admin.get(f"{path}/terminals").get_json()["items"]
    assert {(turn["device_id"], turn["unsent"]) for turn in turns} == {
        (str(quick.id), None),
        (str(busy.id), 3),
    }
    assert "reinstall" not in compiled(quick)[0]
    assert compiled(quick)[0]["version_code"] == 1

    assert store.approver.post(f"{path}/cancel", REASON).status_code == 200
    store.force.work()
    assert store.admin.get(path).get_json()["turns"] == {"done": 1, "cancelled": 1}
    assert "reinstall" not in compiled(busy)[0]
    assert store.admin.post(f"{path}/cancel", REASON).get_json()["code"] == "reinstall_over"


def test_what_cannot_work_is_refused_and_says_why(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    good, bad = gone_wrong(store, terminal)
    empty = store.group("empty")
    other = store.approved(apk(1, package="city.muster.other"))

    def why(*orders: Any) -> str:
        answer = back(store, *orders)
        assert answer.status_code == 409, answer.get_data(as_text=True)
        reason: str = answer.get_json()["why"]
        return reason

    assert why(bad, good, empty) == "nobody_has_it"
    assert why(good, bad) == "not_older"
    assert why(bad, other) == "other_app"
    order = back(store, bad, good).get_json()
    block = store.admin.post(f"/appstore/v1/releases/{good['id']}/block", REASON)
    assert block.status_code == 200
    refused = agree(store, order).get_json()
    assert (refused["code"], refused["why"]) == ("rollback_impossible", "target_withdrawn")
    assert why(bad, good) == "target_withdrawn"
    assert "reinstall" not in compiled(terminal)[0]


def test_a_release_that_still_rolls_would_come_back_and_is_not_rolled_back(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    good = store.approved(apk(1))
    bad = store.approved(apk(2))
    store.rolled(bad, store.pilot)
    says(terminal, 2)
    assert back(store, bad, good).get_json()["why"] == "still_rolling"
    southern = store.force.console("A9", "device_admin", unit="SOUTH")
    body = {"release": bad["id"], "to": good["id"], "group": store.pilot, **REASON}
    assert southern.post("/appstore/v1/rollbacks", body).status_code == 403
    assert store.publisher.post("/appstore/v1/rollbacks", body).status_code == 403


def test_old_code_comes_again_under_a_higher_number_as_asked(store: Store) -> None:
    good, bad = gone_wrong(store, store.terminal(store.pilot))
    path = f"/appstore/v1/releases/{bad['id']}/reissue"
    assert store.publisher.post(path, {"to": good["id"], **REASON}).status_code == 403
    asked = store.admin.post(path, {"to": good["id"], **REASON})
    assert asked.status_code == 201, asked.get_data(as_text=True)
    request = asked.get_json()
    again = store.admin.post(path, {"to": good["id"], **REASON})
    assert (again.status_code, again.get_json()["code"]) == (409, "reissue_open")
    assert "app.reissue_asked" in store.force.notices()

    def answering(content: bytes) -> TestResponse:
        return store.upload(content, query_string={"reissues": request["id"]})

    strange = answering(apk(9, package="city.muster.other", signer="Other", key=key("Other")))
    assert strange.get_json()["code"] == "reissue_other_app"
    taken = answering(apk(3))
    assert taken.status_code == 201, taken.get_data(as_text=True)
    release = taken.get_json()["release"]
    (shown,) = store.admin.get(f"/appstore/v1/releases/{bad['id']}/reissues").get_json()["items"]
    assert (shown["state"], shown["answer_id"]) == ("answered", release["id"])
    assert answering(apk(4)).get_json()["code"] == "reissue_over"
    withdraw = store.admin.post(f"/appstore/v1/reissues/{request['id']}/withdraw")
    assert withdraw.get_json()["code"] == "reissue_over"


def test_an_install_report_whose_answer_got_lost_counts_once_and_none_overwrites_a_later_one(
    store: Store,
) -> None:
    terminal = store.terminal(store.pilot)
    release = store.approved(apk(1))
    rollout = store.rolled(release, store.pilot, gate={"min_reports": 1, "failed_percent": 50})

    def tell(number: int, state: str, **more: Any) -> TestResponse:
        said = {"number": number, "package": PACKAGE, "version_code": 1, "state": state, **more}
        return terminal.agent("POST", "/agent/v1/apps/installs", {"reports": [said]})

    assert tell(1, "failed", reason="storage_full").get_json() == {"number": 1}
    store.force.work()
    assert store.state(release) == "halted"
    store.house.clock.advance(seconds=5)
    store.admin.post(f"/appstore/v1/rollouts/{rollout['id']}/resume", REASON)
    assert tell(1, "failed", reason="storage_full").status_code == 200, "the answer got lost"
    store.force.work()
    assert store.state(release) == "rolling", "the same report does not halt it again"
    assert tell(3, "installed").status_code == 200
    assert tell(2, "failed", reason="network").status_code == 200, "late"
    (ring,) = store.admin.get(f"/appstore/v1/releases/{release['id']}/rollouts").get_json()["items"]
    assert (ring["health"]["installed"], ring["health"]["failed"]) == (1, 0)
    assert tell(4, "failed", reason="because").status_code == 422


def test_the_list_of_apps_is_signed_for_this_terminal_and_numbered(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    serials = []
    for code in (1, 2):
        store.rolled(store.approved(apk(code)), store.pilot)
        told = terminal.agent("GET", "/agent/v1/apps/desired").get_json()
        manifest = told["signed"]["manifest"]
        assert manifest["document"] == {"apps": told["items"]}
        assert (manifest["kind"], manifest["id"]) == ("apps", str(terminal.id))
        whole = terminal.agent("GET", "/agent/v1/configuration").get_json()["manifest"]
        assert whole["serial"] == manifest["serial"]
        serials.append(manifest["serial"])
    assert serials[0] < serials[1]
