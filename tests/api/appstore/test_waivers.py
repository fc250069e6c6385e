"""Waivers: one app, one rule, for a while, granted by somebody who did not bring the release."""

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.audit.models import ENTRIES
from tests.factories.appstore import PACKAGE, REASON, Store, apk
from tests.factories.console import signed_in
from tests.factories.mdm import Console

URL = f"/appstore/v1/apps/{PACKAGE}/waivers"


def wish(**changes: Any) -> dict[str, Any]:
    return {"rule": "debuggable", "days": 30, **REASON, **changes}


def grant(store: Store, who: Console | None = None, **changes: Any) -> TestResponse:
    return (who or store.approver).post(URL, wish(**changes))


def codes(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_a_waived_rule_warns_until_the_day_and_asks_nobody_to_forget_it(store: Store) -> None:
    store.approved(apk(1))
    assert store.upload(apk(2, debuggable=True)).status_code == 422
    granted = grant(store)
    assert granted.status_code == 201, granted.get_data(as_text=True)
    waiver = granted.get_json()
    assert waiver["evidence"] == ["android:debuggable=true"]
    shown = store.upload(apk(2, debuggable=True)).get_json()
    (warned,) = [check for check in shown["checks"] if check["rule"] == "debuggable"]
    assert warned["verdict"] == "warn"
    assert warned["evidence"][0].startswith("waived by V1 until ")
    assert REASON["reason"] in warned["evidence"][0]
    other = apk(2, debuggable=True, target_sdk=29)
    assert codes(store.upload(other)) == (422, "release_rejected")
    ended = store.approver.post(f"{URL}/{waiver['id']}/revoke", REASON)
    assert ended.status_code == 200
    assert ended.get_json()["revoked_for"] == REASON["reason"]
    assert codes(store.approve(shown["release"])) == (409, "release_outdated")
    assert grant(store, days=1).status_code == 201
    with store.house.kernel.reads() as uow:
        actions = set(uow.session.scalars(select(ENTRIES.c.action)))
    assert {"app.waiver.grant", "app.waiver.revoke"} <= actions


def test_who_may_not_waive_and_what_cannot_be_waived(store: Store) -> None:
    both = store.force.console("B1", "publisher", "approver")
    store.approved(apk(1))
    assert codes(grant(store)) == (409, "waiver_unfounded")
    store.upload(apk(2, debuggable=True), both)
    assert codes(grant(store, both)) == (409, "waiver_own_release")
    assert grant(store, store.publisher).status_code == 403
    assert grant(store, store.force.console("V9", "approver", unit="SOUTH")).status_code == 403
    for wrong in (
        *({"rule": rule} for rule in ("signer_not_pinned", "content_retired", "nonsense")),
        {"days": 181},
        {"days": 0},
        {"reason": ""},
        {"more": 1},
    ):
        assert grant(store, **wrong).status_code == 422, wrong
    assert grant(store).status_code == 201
    assert codes(grant(store)) == (409, "waiver_open")
    store.house.clock.advance(minutes=store.house.kernel.settings.step_up_minutes + 1)
    assert codes(grant(store, rule="weak_key")) == (401, "step_up_required")
    listed = store.publisher.get(URL).get_json()["items"]
    assert [(item["rule"], item["revoked_at"]) for item in listed] == [("debuggable", None)]


def test_the_console_grants_and_takes_back_what_the_rules_allow(store: Store) -> None:
    store.approved(apk(1))
    store.upload(apk(2, debuggable=True))
    page = f"/console/apps/{PACKAGE}/waivers"
    approver, auditor = (
        signed_in(store.force, number, role)
        for number, role in (("V5", "approver"), ("U5", "auditor"))
    )
    auditor.get(page)
    assert auditor.forms() == set(), "whoever may not waive is shown no form"
    approver.get(page)
    assert approver.forms() == {page}
    asked = {"rule": "debuggable", "days": "30", **REASON}
    assert approver.post(page, **(asked | {"days": "500"})).status_code == 422
    assert approver.post(page, **asked).status_code == 303
    approver.get(page)
    (revoke,) = approver.forms()
    assert "android:debuggable=true" in approver.page
    assert approver.post(revoke, **REASON).status_code == 303
    approver.get(page)
    assert approver.forms() == {page}
