"""Suspending people, and putting configurations into force."""

import re

from tests.factories.audit import seal_all
from tests.factories.console import Reader, reader, signed_in
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal

REASON = "Under investigation, file 26-331"


def test_a_suspended_person_is_out_at_once(force: Force) -> None:
    supervisor = signed_in(force, "S1", "supervisor")
    publisher = signed_in(force, "B1", "publisher")
    supervisor.get("/console/people")
    suspends = {action for action in supervisor.forms() if action.endswith("/suspend")}
    assert len(suspends) == 1  # nobody suspends themselves
    (suspend,) = suspends
    assert supervisor.post(suspend, reason=REASON, confirmation="B2").status_code == 422
    assert "This must read B1." in supervisor.page
    assert supervisor.post(suspend, reason=REASON, confirmation="B1").status_code == 303
    assert publisher.get("/console").status_code == 303
    supervisor.get("/console/people?state=suspended")
    (reinstate,) = (action for action in supervisor.forms() if action.endswith("/reinstate"))
    assert supervisor.post(reinstate, reason="Cleared by the inquiry").status_code == 303
    assert publisher.sign_in().status_code == 303


def test_people_are_shown_with_their_roles_and_last_sign_in(
    force: Force, terminal: TestTerminal
) -> None:
    supervisor = signed_in(force, "S1", "supervisor")
    reader(force, "B1", "publisher")
    supervisor.get("/console/people")
    assert "Publisher" in supervisor.page
    assert "never" in supervisor.page


def test_a_draft_shows_what_it_changes_and_comes_into_force(
    admin: Reader, force: Force, terminal: TestTerminal
) -> None:
    console = force.console("A8", "device_admin")
    unit = str(force.units["NORTH"])
    layer = {"scope_kind": "unit", "scope_id": unit, "document": {"camera": False}}
    assert console.post("/admin/v1/configurations", layer).status_code == 201
    admin.get("/console/configurations")
    page = re.search(r'href="(/console/configurations/[0-9a-f-]{36})"', admin.page)
    assert page
    admin.get(page.group(1))
    assert "Touches 1 terminal." in admin.page
    assert re.search(r'<span class="diff-added">\+ +&#34;camera&#34;: false', admin.page)
    assert admin.post(f"{page.group(1)}/publish", reason="No cameras here").status_code == 303
    force.work()
    admin.get(page.group(1))
    assert f'href="/console/devices/{terminal.id}"' in admin.page  # it does not follow yet
    terminal.check_in()  # takes it
    terminal.check_in()  # echoes it
    admin.get(page.group(1))
    assert "Every terminal follows" in admin.page


def test_an_auditor_reads_the_log_and_an_entrys_proof(
    admin: Reader, auditor: Reader, terminal: TestTerminal, force: Force
) -> None:
    admin.post(f"/console/devices/{terminal.id}/lock", reason=REASON)
    auditor.get("/console/audit?action=mdm.device.lock")
    assert REASON in auditor.page
    entry = re.search(r'href="(/console/audit/[0-9a-f-]{36})"', auditor.page)
    assert entry
    seal_all(force.house.kernel)
    assert auditor.post(f"{entry.group(1)}/verify").status_code == 200
    assert "The proof holds." in auditor.page
    assert "mdm.commands.device-admins-order" in auditor.page
    proof = auditor.client.get(f"{entry.group(1)}/proof.json").get_json()
    assert proof["seq"] < proof["size"]
    assert auditor.post("/console/audit/verify").status_code == 200
    assert "The log is whole." in auditor.page
