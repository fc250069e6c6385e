"""The auditor's week in the browser: reviews what was drawn, keeps what must be kept."""

import re

from playwright.sync_api import expect

from muster.kernel.audit.review.draw import draw
from tests.browser.admin_ui.conftest import World

REASON = "Dispatched to this incident by the duty desk"


def test_an_auditor_reviews_a_look_up_and_places_a_hold(world: World) -> None:
    draw(world.kernel, {})
    visit = world.visit("auditor")
    with visit as page:
        visit.open()
        page.get_by_role("link", name="Audit", exact=True).click()
        page.locator("#content").get_by_role("link", name="Reviews", exact=True).click()
        page.get_by_role("link", name="Random sample").first.click()
        page.get_by_label("Verdict").select_option(label="Explained")
        page.get_by_label("Reason").fill(REASON)
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_text("Reviewed.")).to_be_visible()
        page.get_by_label("State").select_option(label="Explained")
        page.get_by_role("link", name="Random sample").first.click()
        expect(page.get_by_text(REASON)).to_be_visible()
        page.get_by_role("link", name="Audit", exact=True).first.click()
        page.get_by_role("link", name="Legal holds").click()
        page.get_by_label("Number or name").fill("A2026-1120-0025")
        page.get_by_label("Reason").first.fill("Proceedings 17/2026 are pending")
        page.get_by_role("button", name="Hold", exact=True).click()
        row = page.get_by_role("row", name=re.compile("A2026-1120-0025"))
        row.get_by_role("button", name="Lift").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill("The court has closed the case")
        dialog.get_by_role("button", name="Ask to lift it").click()
        expect(page.get_by_text("This is your own request.")).to_be_visible()
        assert visit.complaints == []
