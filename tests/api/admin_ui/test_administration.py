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


def test_a_layer_is_written_in_a_form_previewed_published_and_rolled_back(
    admin: Reader, force: Force, terminal: TestTerminal
) -> None:
    admin.get("/console/configurations/new")
    begun = admin.post("/console/configurations/new", layer="unit:NORTH", terminal="")
    editor = begun.headers["Location"]
    page = editor.removesuffix("/edit")
    wrong = {"version": "1", "camera": "false", "offline_hours": "900", "apps.blocked": "x"}
    assert admin.post(editor, **wrong).status_code == 422
    assert re.search(
        r'name="offline_hours"[^>]*value="900"|value="900"[^>]*offline_hours', admin.page
    )
    assert 'id="apps.blocked-error"' in admin.page
    saved = admin.post(editor, **{**wrong, "offline_hours": "8", "apps.blocked": "com.game.one"})
    assert saved.status_code == 303
    assert admin.post(f"{page}/text", version="2", document="{camera").status_code == 422
    assert "This is not JSON" in admin.page
    admin.get(page)
    assert "1 terminal concerned" in admin.page
    assert "1 changes" in admin.page
    assert "<code>apps.blocked</code>" in admin.page
    assert admin.post(f"{page}/publish", reason="No cameras here").status_code == 303
    force.work()
    admin.get(page)
    assert "0 of 1 terminals have echoed" in admin.page
    admin.get(f"{page}/lag")
    assert f'href="/console/devices/{terminal.id}"' in admin.page
    terminal.check_in()  # takes it
    terminal.check_in()  # echoes it
    admin.get(f"{page}/lag")
    assert "Every terminal follows" in admin.page
    admin.get(f"/console/devices/{terminal.id}")
    assert f'<a href="{page}">unit NORTH</a>' in admin.page
    back = admin.post(f"{page}/roll-back", reason="The cameras are needed")
    admin.get(back.headers["Location"])
    assert "The cameras are needed" in admin.page
    assert "Published" in admin.page
    by_label = {"layer": "device:", "terminal": "no such terminal"}
    assert admin.post("/console/configurations/new", **by_label).status_code == 422


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
