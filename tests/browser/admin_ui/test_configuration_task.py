"""The device admin's main task with configuration: write, see what it does, publish, watch it land."""

import re

from playwright.sync_api import expect

from tests.browser.admin_ui.conftest import World
from tests.browser.admin_ui.test_main_tasks import newcomer


def test_a_device_admin_writes_a_layer_and_sees_it_land(world: World) -> None:
    terminal, label = newcomer(world, "to-configure")
    visit = world.visit("device_admin_a")
    with visit as page:
        visit.open()
        page.get_by_role("link", name="Configurations").first.click()
        page.get_by_role("link", name="New configuration").first.click()
        page.get_by_label("Layer").select_option(label="One terminal")
        page.get_by_label("Terminal", exact=True).fill(label)
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("heading", name="General").click()
        page.get_by_label("The camera may be used").select_option(label="no")
        page.get_by_label("Longest use without contact").fill("6")
        page.get_by_role("heading", name="Apps", exact=True).click()
        page.get_by_label("Apps that may not be installed").fill("com.example.game")
        page.get_by_role("button", name="Save in the draft").click()
        diff = page.get_by_role("group", name="Draft against what is in force")
        expect(diff.get_by_role("row", name="apps.blocked")).to_contain_text("com.example.game")
        impact = page.get_by_role("region", name="What publishing would do")
        expect(impact).to_contain_text("1 terminal concerned, 1 changes, 0 become non-compliant")
        page.get_by_role("button", name="Publish").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill("Games were seen on this terminal")
        dialog.get_by_role("button", name="Publish").click()
        lag = page.get_by_role("region", name="Desired and applied")
        expect(lag).to_contain_text("0 of 1 terminals have echoed")
        lag.get_by_role("link", name="1 terminal lags").click()
        page.locator("#results").get_by_role("link", name=label, exact=True).click()
        page.get_by_text("What it must be, and why").click()
        expect(page.get_by_role("row", name="camera no")).to_contain_text("device")
        terminal.check_in()
        terminal.check_in()
        page.get_by_role("row", name="camera no").get_by_role("link", name="device").click()
        expect(lag).to_contain_text("1 of 1 terminals have echoed")
        page.get_by_role("button", name="Roll back").first.click()
        dialog.get_by_label("Reason").fill("The game was the training app")
        dialog.get_by_role("button", name="Roll back").click()
        expect(page.get_by_text(re.compile("In force"))).to_be_visible()
        assert visit.complaints == []
