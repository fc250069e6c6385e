"""Access policies are drafted, checked, published by two people, and gone back from."""

import pytest
from sqlalchemy import select, update

from muster.kernel.audit.models import ENTRIES
from muster.kernel.events import OutboxRow
from muster.kernel.identity import Epoch, Session
from muster.kernel.policies import AccessPolicyPublished
from muster.kernel.policies.models import AccessPolicySet
from muster.kernel.policies.templates import chinese

from .conftest import LOCK, SETS, Office

POLICIES = "/admin/v1/access-policies"
NO_AUDIT = '@id("x.none")\nforbid (principal, action == Action::"audit.entry.list", resource);'


def test_a_grant_is_in_force_from_the_next_request_on(office: Office) -> None:
    force = office.force
    terminal = force.enrolled(force.console("D1", "device_admin"))
    message = f"/admin/v1/devices/{terminal.id}/commands"
    body = {"kind": "refresh", "reason": "for the shift"}
    refused = office.supervisor.post(message, body)
    assert (refused.status_code, refused.get_json()["rule"]) == (403, "default-deny")
    made = office.publish(grants=[LOCK])
    assert office.supervisor.post(message, body).status_code == 201
    shown = office.in_force()
    assert (shown["number"], shown["epoch"]) == (made["number"], 1)
    assert "matrix.supervisor.units" in {rule["id"] for rule in shown["rules"]}
    assert {rule["layer"] for rule in shown["rules"]} == {"shipped", "force"}


def test_the_one_who_asks_is_never_the_one_who_agrees(office: Office) -> None:
    approval = office.ask(office.draft(expert=NO_AUDIT))
    answer = office.first.post(f"/admin/v1/approvals/{approval}/approve")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "second_person_required")
    assert office.in_force()["number"] == 0


@pytest.mark.parametrize("role", ["supervisor", "device_admin", "auditor", "system_admin"])
def test_nobody_else_writes_access_policies(office: Office, role: str) -> None:
    made, somebody = office.draft(), office.force.console("X1", role, unit="CITY")
    reads = 200 if role == "auditor" else 403
    assert somebody.get(POLICIES).status_code == reads
    assert somebody.get(f"{SETS}/{made['id']}").status_code == reads
    assert (
        somebody.get("/admin/v1/access/explain?officer=V1&action=audit.entry.list").status_code
        == reads
    )
    for path, body in (
        (SETS, {"title": "Mine"}),
        (f"{SETS}/{made['id']}/publish", {"reason": "because"}),
        (f"{SETS}/{made['id']}/shadow", {"reason": "because"}),
        (f"{SETS}/{made['id']}/discard", None),
    ):
        assert somebody.post(path, body).status_code == 403, path


def test_a_security_admin_of_one_unit_does_not_rule_the_force(office: Office) -> None:
    north = office.force.console("N1", "security_admin", unit="NORTH")
    assert north.get(POLICIES).status_code == 200
    assert north.post(SETS, {"title": "Mine"}).status_code == 403
    approval = office.ask(office.draft(expert=NO_AUDIT))
    assert north.post(f"/admin/v1/approvals/{approval}/approve").status_code == 403


def test_publishing_wants_a_fresh_sign_in(office: Office) -> None:
    made = office.draft()
    with office.house.kernel.writes() as uow:
        long_ago = uow.now().replace(year=uow.now().year - 1)
        uow.session.execute(
            update(Session)
            .where(Session.officer_id == office.first.officer_id)
            .values(auth_at=long_ago)
        )
    for act in ("publish", "shadow"):
        answer = office.first.post(f"{SETS}/{made['id']}/{act}", {"reason": "as discussed"})
        assert (answer.status_code, answer.get_json()["code"]) == (401, "step_up_required")
    assert office.first.post(SETS, {"title": "More"}).status_code == 201


def test_a_set_that_does_not_hold_together_is_refused_with_line_and_reason(office: Office) -> None:
    office.publish(expert=NO_AUDIT)
    made = office.draft(expert='@id("x.a")\npermit (principal, action, resource\nwhen { true };')
    flaw = {"section": "expert", "line": 3, "column": 1, "rule": ""}
    assert made["flaws"] == [flaw | {"reason": "unexpected token `when`"}]
    for act in ("publish", "shadow"):
        answer = office.first.post(f"{SETS}/{made['id']}/{act}", {"reason": "as discussed"})
        problem = answer.get_json()
        assert (answer.status_code, problem["code"]) == (422, "access_policy_set_invalid")
        assert problem["flaws"] == made["flaws"]
        assert problem["errors"][0]["pointer"] == "/document/expert"
        assert problem["errors"][0]["detail"].startswith("line 3, column 1: unexpected")
    assert office.first.get(f"{SETS}/{made['id']}/impact").status_code == 422
    assert office.in_force()["number"] == 1
    assert office.first.get("/admin/v1/approvals").get_json()["items"] == []


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"grants": [LOCK | {"role": "warlock"}]}, "/document/grants/0/role"),
        ({"grants": [LOCK | {"scope": "all"}]}, "/document/grants/0/scope"),
        (
            {"conditions": [{"template": "zone", "name": "a", "actions": ["data"]}]},
            "/document/conditions/0/values/zones",
        ),
        ({"expert": "\x00"}, "/document/expert"),
        ({"of": []}, "/document/of"),
    ],
)
def test_a_form_filled_in_wrongly_is_not_kept(
    office: Office, document: object, pointer: str
) -> None:
    answer = office.first.post(SETS, {"title": "Try", "document": document})
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.get_json()["errors"]}
    assert office.first.get(SETS).get_json()["items"] == []


def test_a_set_under_which_nobody_could_publish_the_next_is_refused(office: Office) -> None:
    office.publish(expert=NO_AUDIT)
    closed = '@id("x.c") forbid (principal, action in Action::"console", resource);'
    for document in (
        {"expert": closed},
        {
            "grants": [
                {"role": "security_admin", "action": "access.policy.publish", "scope": "never"}
            ]
        },
        {
            "conditions": [
                {
                    "template": "zone",
                    "name": "z",
                    "actions": ["console"],
                    "values": {"zones": ["moon"]},
                }
            ]
        },
    ):
        made = office.draft(**document)
        answer = office.first.post(f"{SETS}/{made['id']}/publish", {"reason": "as discussed"})
        assert (answer.status_code, answer.get_json()["code"]) == (
            409,
            "access_policy_set_locks_out",
        )
    assert office.in_force()["number"] == 1


def test_what_waits_or_was_published_is_not_changed(office: Office) -> None:
    made = office.draft(grants=[LOCK])
    match = {"headers": {"If-Match": made["etag"]}}
    approval = office.ask(made)
    new = {"document": {"expert": NO_AUDIT}}
    answer = office.first.call("PUT", f"{SETS}/{made['id']}", new, **match)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "access_policy_set_waiting")
    twice = office.second.post(f"{SETS}/{made['id']}/publish", {"reason": "as discussed"})
    assert (twice.status_code, twice.get_json()["code"]) == (409, "access_policy_set_waiting")
    assert office.approve(approval).status_code == 200
    fixed = office.first.get(f"{SETS}/{made['id']}")
    match = {"headers": {"If-Match": fixed.headers["ETag"]}}
    answer = office.first.call("PUT", f"{SETS}/{made['id']}", new, **match)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "access_policy_set_fixed")
    assert office.first.post(f"{SETS}/{made['id']}/discard").status_code == 409


def test_two_people_who_edit_one_draft_do_not_overwrite_each_other(office: Office) -> None:
    made = office.draft()
    match = {"headers": {"If-Match": made["etag"]}}
    new = {"document": {"expert": NO_AUDIT}, "title": "Better"}
    assert office.first.call("PUT", f"{SETS}/{made['id']}", new).status_code == 428
    first = office.first.call("PUT", f"{SETS}/{made['id']}", new, **match)
    assert (first.status_code, first.get_json()["title"]) == (200, "Better")
    assert office.second.call("PUT", f"{SETS}/{made['id']}", new, **match).status_code == 412
    given_up = office.second.post(f"{SETS}/{made['id']}/discard").get_json()
    assert given_up["state"] == "discarded"
    assert (
        office.first.post(f"{SETS}/{made['id']}/publish", {"reason": "as discussed"}).status_code
        == 409
    )


def test_a_set_changed_behind_the_approval_is_not_published(office: Office) -> None:
    made = office.draft(grants=[LOCK])
    approval = office.ask(made)
    with office.house.kernel.writes() as uow:
        uow.session.execute(
            update(AccessPolicySet).values(
                text='@id("x.all") permit (principal, action, resource);'
            )
        )
    answer = office.approve(approval)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "access_policy_set_changed")
    assert office.in_force()["number"] == 0


def test_going_back_is_publishing_an_earlier_set(office: Office) -> None:
    first = office.publish(expert=NO_AUDIT)
    assert office.auditor.get("/admin/v1/audit/entries").status_code == 403
    second = office.publish(expert="")
    assert second["based_on"] == first["number"]
    assert office.auditor.get("/admin/v1/audit/entries").status_code == 200
    assert office.approve(office.ask(first)).status_code == 200
    refused = office.auditor.get("/admin/v1/audit/entries")
    assert (refused.status_code, refused.get_json()["rule"]) == (403, "x.none")
    history = office.auditor.get(f"{POLICIES}/publications").get_json()["items"]
    assert [(row["epoch"], row["set_id"]) for row in history] == [
        (3, first["id"]),
        (2, second["id"]),
        (1, first["id"]),
    ]
    assert {row["kind"] for row in history} == {"active"}
    assert {row["approved_by"] for row in history} == {str(office.second.officer_id)}


def test_a_new_draft_begins_with_what_is_in_force(office: Office) -> None:
    office.publish(grants=[LOCK], off=["audit.auditors-read"], expert="// ours")
    made = office.first.post(SETS, {"title": "Next"}).get_json()
    assert made["document"]["grants"] == [LOCK]
    assert made["document"]["off"] == ["audit.auditors-read"]
    assert made["document"]["expert"] == "// ours"
    difference = office.first.get(f"{SETS}/{made['id']}/difference").get_json()
    assert difference["changes"] == []
    older = office.draft(off=["audit.auditors-read"])
    changes = office.first.get(f"{SETS}/{older['id']}/difference").get_json()["changes"]
    assert [(one["rule"], one["change"]) for one in changes] == [
        ("matrix.supervisor.units", "removed")
    ]


def test_publishing_is_on_record_and_rises_as_news(office: Office) -> None:
    made = office.publish(grants=[LOCK])
    with office.house.kernel.reads() as uow:
        entries = uow.session.execute(
            select(ENTRIES)
            .where(ENTRIES.c.action.startswith("access.policy.publish"))
            .order_by(ENTRIES.c.n)
        ).all()
        news = uow.session.scalars(
            select(OutboxRow).where(OutboxRow.name == AccessPolicyPublished.name)
        ).all()
    assert [(row.action, row.outcome, row.actor_id) for row in entries] == [
        ("access.policy.publish", "permitted", office.first.officer_id),
        ("access.policy.publish.approve", "permitted", office.second.officer_id),
    ]
    assert [row.body for row in news] == [{"epoch": 1, "number": made["number"]}]
    office.force.work()


def test_advice_is_given_in_the_language_of_the_reader(office: Office) -> None:
    office.publish(
        conditions=[
            {
                "template": "zone",
                "name": "log",
                "actions": ["audit.entry.list"],
                "values": {"zones": ["office"]},
            }
        ]
    )
    answers = {
        language: office.auditor.call(
            "GET", "/admin/v1/audit/entries", headers={"Accept-Language": language}
        ).get_json()["detail"]
        for language in ("en", "zh-CN")
    }
    assert answers["en"] == "Do this from one of these network zones: office."
    assert answers["zh-CN"] == chinese("zone").format(zones="office")


def test_the_matrix_says_how_far_each_role_reaches(office: Office) -> None:
    rows = {row["action"]: row for row in office.auditor.get(f"{POLICIES}/matrix").get_json()}
    assert rows["mdm.device.lock"]["reach"]["device_admin"] == "units"
    assert "supervisor" not in rows["mdm.device.lock"]["reach"]
    assert rows["audit.entry.list"]["reach"] == {"auditor": "force"}
    assert rows["audit.entry.list"]["scopes"] == ["force", "never"]
    office.publish(grants=[LOCK])
    rows = {row["action"]: row for row in office.auditor.get(f"{POLICIES}/matrix").get_json()}
    assert rows["mdm.device.refresh"]["reach"]["supervisor"] == "units"
    names = [row["name"] for row in office.auditor.get(f"{POLICIES}/templates").get_json()]
    assert {"zone", "duty", "certification", "sworn", "hours", "rank"} <= set(names)


def test_a_set_that_no_longer_fits_is_shown_and_keeps_its_forbids(office: Office) -> None:
    """What an upgrade finds in the database when it renamed what a rule asks for."""
    made = office.publish(expert=NO_AUDIT)
    with office.house.kernel.writes() as uow:
        uow.session.execute(
            update(AccessPolicySet)
            .where(AccessPolicySet.number == made["number"])
            .values(text=NO_AUDIT.replace(";", "\nwhen { context.colour };"))
        )
        uow.session.execute(update(Epoch).where(Epoch.name == "policies").values(value=2))
    shown = office.in_force()
    assert shown["flaws"] == ["x.none: line 3, column 16: " + shown["flaws"][0].split(": ", 2)[2]]
    refused = office.auditor.get("/admin/v1/audit/entries")
    assert refused.get_json()["rule"] == "access.rule-unfit.0"
    assert office.publish(expert="")["number"] == 2
    assert office.auditor.get("/admin/v1/audit/entries").status_code == 200


def test_shadow_shows_what_would_change_and_changes_nothing(office: Office) -> None:
    made = office.draft(expert=NO_AUDIT)
    path = f"{SETS}/{made['id']}/shadow"
    assert office.first.post(path, {"reason": "a look first"}).get_json()["kind"] == "shadow"
    for _ in range(3):
        assert office.auditor.get("/admin/v1/audit/entries").status_code == 200
    keep_shadow(office)
    report = office.auditor.get(path).get_json()
    assert (report["running"], report["missed"]) == (True, 0)
    assert report["compared"] == 3
    (found,) = report["differences"]
    assert (found["action"], found["officer"], found["count"]) == ("audit.entry.list", "A1", 3)
    assert (found["allowed"], found["rules"]) == (False, ["x.none"])
    office.auditor.get("/admin/v1/audit/entries")
    keep_shadow(office)
    assert office.auditor.get(path).get_json()["differences"][0]["count"] == 4
    assert office.first.post(f"{path}/end", {"reason": "seen enough"}).get_json()["epoch"] == 2
    assert office.auditor.get(path).get_json()["running"] is False
    assert office.in_force()["shadow"] is None


def test_publishing_ends_the_shadow(office: Office) -> None:
    made = office.draft(expert=NO_AUDIT)
    office.first.post(f"{SETS}/{made['id']}/shadow", {"reason": "a look first"})
    assert office.in_force()["shadow"] == made["number"]
    assert office.approve(office.ask(made)).status_code == 200
    shown = office.in_force()
    assert (shown["shadow"], shown["number"]) == (None, made["number"])


def keep_shadow(office: Office) -> None:
    shadow = office.house.kernel.guard.standing.shadow
    assert shadow is not None
    shadow.flush()


def test_drafts_are_paged(office: Office) -> None:
    for number in range(3):
        office.draft(f"Set {number}")
    page = office.first.get(f"{SETS}?limit=2").get_json()
    assert [row["number"] for row in page["items"]] == [3, 2]
    rest = office.first.get(f"{SETS}?limit=2&after={page['next']}").get_json()
    assert [row["number"] for row in rest["items"]] == [1]
