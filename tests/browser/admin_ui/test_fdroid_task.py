"""A device admin gives a terminal its F-Droid address, and takes it back."""

import re

from playwright.sync_api import expect

from tests.browser.admin_ui.conftest import World


def test_a_device_admin_makes_an_address_scans_it_and_revokes_it(world: World) -> None:
    admin = world.play.desk(world.city.force.leads.device_admin_a)
    label = admin.get("/admin/v1/devices", compliant="true")["items"][0]["label"]
    visit = world.visit("device_admin_a")
    with visit as page:
        visit.open()
        page.get_by_role("link", name="F-Droid").click()
        expect(page.locator("#fingerprint")).to_have_text(re.compile("^[0-9a-f]{64}$"))
        page.get_by_label("Terminal").fill(label)
        page.get_by_label("Name").fill("Neo Store on the front desk")
        page.get_by_role("button", name="Make the address").click()
        expect(page.get_by_role("img", name="QR code of this address")).to_be_visible()
        address = page.locator("#address").inner_text()
        assert re.search(r"/fdroid/t/[\w-]{32}/repo\?fingerprint=[0-9a-f]{64}$", address)
        url = address.partition("?")[0]
        assert page.request.get(f"{url}/entry.jar").status == 200
        page.get_by_role("link", name="F-Droid").first.click()
        assert url not in page.content()
        row = page.get_by_role("row").filter(has_text="Neo Store on the front desk")
        row.get_by_role("button", name="Revoke").click()
        expect(page.get_by_role("status").first).to_contain_text("opens nothing any more")
        assert page.request.get(f"{url}/entry.jar").status == 404
        assert visit.complaints == []
