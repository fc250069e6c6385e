"""The console's page of registered apps: asked for, granted, blocked, and a developer's sandbox."""

from dataclasses import replace

from muster.kernel.identity import clients
from tests.factories.console import Reader, signed_in
from tests.factories.mdm import Force

REASON = "as agreed with the registers' owner"


def registered(force: Force, publisher: Reader) -> str:
    """Register an app of the publisher's unit and return the address of its page."""
    kernel = force.house.kernel
    with kernel.writes() as uow:
        client = clients.register(uow, "notes", "field", package="org.example.notes")
        client.unit_id = force.units["NORTH"]
        page = f"/console/clients/{client.id}"
    assert "notes" in publisher.get("/console/clients").get_data(as_text=True)
    return page


def test_a_publisher_asks_and_a_steward_grants(force: Force) -> None:
    publisher = signed_in(force, "P1", "publisher")
    page = registered(force, publisher)
    publisher.get(page)
    assert f"{page}/ask" in publisher.forms()
    assert f"{page}/scopes" not in publisher.forms()
    assert publisher.post(f"{page}/ask", scope=["records", "checks"]).status_code == 303

    steward = signed_in(force, "S1", "data_steward")
    waiting = steward.get("/console/clients?state=requested").get_data(as_text=True)
    assert "2 scopes" in waiting
    shown = steward.get(page).get_data(as_text=True)
    assert "Officer P1 asks for:" in shown
    refused = steward.post(f"{page}/scopes", scope=["records"], reason="no")
    assert refused.status_code == 422
    assert "Say why" in steward.page
    assert steward.post(f"{page}/scopes", scope=["records"], reason=REASON).status_code == 303
    told = steward.get(page).get_data(as_text=True)
    assert "Granted. It holds from the next request on." in told
    with force.house.kernel.reads() as uow:
        client = clients.by_name(uow, "notes")
        assert client is not None
        assert (client.scopes, client.requested_scopes) == (["records"], [])


def test_an_app_is_blocked_with_a_reason_and_unblocked_by_another(force: Force) -> None:
    publisher = signed_in(force, "P1", "publisher")
    page = registered(force, publisher)
    publisher.get(page)
    assert f"{page}/block" in publisher.forms()
    assert publisher.post(f"{page}/block", reason=REASON).status_code == 303
    assert "Every session of this app has ended" in publisher.get(page).get_data(as_text=True)
    assert f"{page}/unblock" not in publisher.forms()
    approver = signed_in(force, "V1", "approver")
    approver.get(page)
    assert approver.post(f"{page}/unblock", reason=REASON).status_code == 303
    assert publisher.post(f"{page}/unblock", reason=REASON).status_code == 403


def test_a_developer_makes_a_sandbox(force: Force) -> None:
    kernel = force.house.kernel
    publisher = signed_in(force, "P1", "publisher")
    assert "New sandbox" not in publisher.get("/console/clients").get_data(as_text=True)
    kernel.settings = replace(kernel.settings, training_units=("N1",))
    assert "New sandbox" in publisher.get("/console/clients").get_data(as_text=True)
    form = {
        "name": "notes",
        "package": "org.example.notes",
        "unit": "N1",
        "redirect_uris": "http://127.0.0.1/back\r\norg.example.notes:/back",
        "scope": ["records"],
        "days": "7",
    }
    assert publisher.get("/console/clients/sandbox").status_code == 200
    assert publisher.post("/console/clients/sandbox", **form | {"days": "700"}).status_code == 422
    assert 'value="notes"' in publisher.page
    made = publisher.post("/console/clients/sandbox", **form)
    assert made.status_code == 303
    shown = publisher.get(made.headers["Location"]).get_data(as_text=True)
    assert "sandbox.notes" in shown
    assert "only officers of its training unit" in shown


def test_an_officer_without_a_post_here_sees_none_of_it(force: Force) -> None:
    desk = signed_in(force, "D1", "duty_desk")
    assert desk.get("/console/clients").status_code == 403
    assert "/console/clients" not in desk.get("/console").get_data(as_text=True)
