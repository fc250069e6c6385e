"""Going back on the pages: each way says what it costs, and losing data takes two people."""

from muster.server.demo.publishing import PACKAGE
from tests.browser.admin_ui.conftest import World


def test_an_admin_goes_back_with_data_loss_and_an_approver_agrees(world: World) -> None:
    leads = world.city.force.leads
    admin = world.play.desk(leads.device_admin_a)
    query = {"package": PACKAGE, "state": "rolling"}
    newest = admin.get("/appstore/v1/releases", **query)["items"][0]
    admin.post(f"/appstore/v1/releases/{newest['id']}/halt", {"reason": "Photos are lost"})
    asking, agreeing = world.visit("device_admin_a"), world.visit("approver")
    with asking as page:
        asking.open(f"/releases/{newest['id']}")
        page.get_by_role("link", name="Ways back").click()
        assert "Data is lost." in page.locator("main").inner_text()
        page.get_by_role("button", name="Remove and install").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill("Photos are lost in this version")
        dialog.get_by_role("button", name="Ask for it").click()
        page.get_by_text("This waits for a second person.").wait_for()
        order = page.url
        with agreeing as other:
            other.goto(order)
            other.get_by_role("link", name="Open the request").click()
            other.get_by_role("button", name="Approve").first.click()
            other.get_by_role("dialog").get_by_role("button", name="Approve").click()
            other.get_by_text("Approved, and carried out.").wait_for()
        page.goto(order)
        assert page.get_by_text("Waiting its turn").count() == 1
        page.get_by_role("button", name="Stop it").click()
        dialog.get_by_label("Reason").fill("The publishers mend it today")
        dialog.get_by_role("button", name="Stop it").click()
        page.get_by_text("Taken back.").wait_for()
        assert page.get_by_text("Cancelled").count() >= 1
        assert asking.complaints == []
