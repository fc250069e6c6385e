"""The main task of each kind of user, from sign-in to the result they came for."""

import re

from playwright.sync_api import Page, expect

from muster.handheld import Terminal
from tests.browser.admin_ui.conftest import World

REASON = "Left in a patrol car that was towed away"


def find(page: Page, world: World, label: str) -> None:
    page.goto(f"{world.origin}/console/devices")
    page.get_by_label("Number or serial").fill(label)
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name=label, exact=True).click()


def newcomer(world: World, page: Page, name: str) -> Terminal:
    """Enrol a terminal with the token that the page shows."""
    secret = page.locator("#secret").inner_text()
    terminal = world.play.terminal(name)
    terminal.enrol({"server": world.origin, "audience": world.origin, "token": secret}, name)
    return terminal


def test_a_device_admin_lets_a_terminal_in_and_locks_it(world: World) -> None:
    visit = world.visit("device_admin_a")
    with visit as page:
        visit.open()
        page.get_by_role("link", name="Enrolment").click()
        page.get_by_role("link", name="New token").click()
        page.get_by_label("Name").fill("Spare for the night shift")
        page.get_by_role("button", name="Make the token").click()
        expect(page.get_by_role("img", name="QR code of this token")).to_be_visible()
        find(page, world, world.play.notes["console_terminal"])
        page.get_by_role("button", name="Lock", exact=True).click()
        page.get_by_role("dialog").get_by_label("Reason").fill(REASON)
        page.get_by_role("dialog").get_by_role("button", name="Lock").click()
        expect(page.locator(".toast")).to_contain_text("The terminal will be locked.")
        row = page.get_by_role("region", name="Commands").get_by_role("row", name="Lock").first
        expect(row).to_contain_text(REASON)
        assert visit.complaints == []
