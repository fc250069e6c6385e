"""The pages of access policies, as a browser without scripts shows them."""

import re

import pytest

from tests.factories.console import Reader, signed_in
from tests.factories.mdm import Force


@pytest.fixture
def admins(force: Force) -> tuple[Reader, Reader]:
    return (
        signed_in(force, "S1", "security_admin", unit="CITY"),
        signed_in(force, "S2", "security_admin", unit="CITY"),
    )


def draft(admin: Reader) -> str:
    """Begin a draft and return its page."""
    answer = admin.post("/console/policies/new", name="Night shift")
    assert answer.status_code == 303, admin.page
    return str(answer.headers["Location"])


def version(admin: Reader, page: str) -> str:
    assert admin.get(page).status_code == 200, admin.page
    found = re.search(r'name="version" value="(\d+)"', admin.page)
    assert found
    return found.group(1)


def test_a_grant_from_the_matrix_to_everybodys_next_request(
    force: Force, admins: tuple[Reader, Reader]
) -> None:
    first, second = admins
    supervisor = signed_in(force, "V1", "supervisor")
    assert supervisor.get("/console/audit").status_code == 403
    page = draft(first)
    form = {"version": version(first, f"{page}/matrix?role=supervisor")}
    saved = first.post(f"{page}/matrix/supervisor", **form, **{"scope:audit.entry.list": "force"})
    assert saved.status_code == 303
    first.get(page)
    assert "Officer V1 · V1 · North" in first.page
    assert "for the whole force" in first.page
    assert first.post(f"{page}/publish", reason="As discussed on Monday").status_code == 303
    first.get(page)
    (request,) = set(re.findall(r'href="(/console/approvals/[0-9a-f-]+)"', first.page))
    second.get(request)
    assert f"{request}/approve" in second.page
    assert second.post(f"{request}/approve").status_code == 303
    assert supervisor.get("/console/audit").status_code == 200
    first.get("/console/policies")
    assert "As discussed on Monday" in first.page


def test_a_condition_is_added_and_removed(admins: tuple[Reader, Reader]) -> None:
    admin, _ = admins
    page = draft(admin)
    form = {"version": version(admin, f"{page}/conditions?template=hours")}
    missing = admin.post(f"{page}/conditions/hours", **form, unit="", action="mdm.device.wipe")
    assert missing.status_code == 422
    assert "Fill this in." in admin.page
    values = {"value:start": "08:00", "value:end": "18:00", "value:days": ["1", "2"]}
    chosen = {"action": ["mdm.device.wipe", "data"], "role": "device_admin", "unit": "NORTH"}
    added = admin.post(f"{page}/conditions/hours", **form, **values, **chosen)
    assert added.status_code == 303, admin.page
    admin.get(page)
    assert "condition.hours-1" in admin.page
    assert "resource.unit in Unit::&#34;NORTH&#34;" in admin.page
    form = {"version": version(admin, f"{page}/conditions")}
    assert admin.post(f"{page}/conditions/hours-1/remove", **form).status_code == 303
    admin.get(page)
    assert "condition.hours-1" not in admin.page


def test_faulty_cedar_is_kept_and_told_by_line(admins: tuple[Reader, Reader]) -> None:
    admin, _ = admins
    page = draft(admin)
    form = {"version": version(admin, f"{page}/expert")}
    text = '@id("x.a")\npermit (principal, action resource);'
    saved = admin.post(f"{page}/expert", **form, expert=text, off="audit.auditors-read")
    assert saved.headers["Location"] == f"{page}/expert"
    admin.get(f"{page}/expert")
    assert "line 2, column 27: unexpected token `resource`" in admin.page
    admin.get(page)
    assert "cannot be published" in admin.page
    assert f"{page}/publish" not in admin.page
    stale = admin.post(f"{page}/expert", **form, expert="")
    assert stale.status_code == 412


def test_a_question_is_answered_with_the_rule_that_decides(
    force: Force, admins: tuple[Reader, Reader]
) -> None:
    admin, _ = admins
    force.officer("D1", "device_admin")
    ask = "/console/policies/explain?action=mdm.device.lock&officer="
    assert admin.get(f"{ask}D1&unit=N1").status_code == 200
    assert "mdm.commands.device-admins-order" in admin.page
    assert "Allowed" in admin.page
    admin.get(f"{ask}D1&unit=SOUTH")
    assert "the role device_admin at SOUTH" in admin.page
    admin.get(f"{ask}nobody")
    assert "There is no officer of this number." in admin.page


def test_a_shadow_is_begun_and_ended(admins: tuple[Reader, Reader]) -> None:
    admin, _ = admins
    page = draft(admin)
    assert admin.post(f"{page}/shadow", reason="A look at it first").status_code == 303
    admin.get(page)
    assert f"{page}/shadow/end" in admin.page
    assert admin.post(f"{page}/shadow/end", reason="Seen enough of it").status_code == 303
    assert admin.post(f"{page}/discard").status_code == 303
    admin.get(page)
    assert f"{page}/shadow" not in admin.page


def test_auditors_see_and_change_nothing(force: Force, admins: tuple[Reader, Reader]) -> None:
    page = draft(admins[0])
    auditor = signed_in(force, "A1", "auditor", unit="CITY")
    for path in ("/console/policies", page, f"{page}/matrix", f"{page}/expert"):
        assert auditor.get(path).status_code == 200
    auditor.get(page)
    assert auditor.forms() == set()
    assert auditor.post(f"{page}/discard").status_code == 403
    stranger = signed_in(force, "X1", "device_admin", unit="CITY")
    assert stranger.get("/console/policies").status_code == 403
