"""A publisher describes an app for officers, and submits a page as an app."""

from pathlib import Path

import pytest

from tests.browser.admin_ui.conftest import World
from tests.browser.admin_ui.test_every_page import violations
from tests.factories.appstore import png, zipped

LOADED = "picture => picture.complete && picture.naturalWidth > 0"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_listing_is_written_with_or_without_scripts(
    world: World, axe: str, tmp_path: Path, *, scripts: bool
) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(png(96, 96))
    locale, name = ("en", "Field notes") if scripts else ("zh-Hans", "外勤记事")
    visit = world.visit("publisher", java_script_enabled=scripts)
    with visit as page:
        visit.open("/apps")
        page.locator("#results th a").first.click()
        page.get_by_role("link", name="Listing").click()
        page.locator("#add-locale").fill(locale)
        page.locator("#add-name").fill(name)
        page.get_by_role("button", name="Begin").click()
        panel = page.locator(f"section[aria-labelledby=in-{locale}]")
        panel.get_by_label("In one line").fill("<b>Write</b>")
        panel.get_by_role("button", name="Save", exact=False).first.click()
        assert "Plain text only" in panel.inner_text()
        panel.get_by_label("In one line").fill("Write it down.")
        panel.get_by_role("button", name="Save", exact=False).first.click()
        panel.get_by_label("What it is").select_option("icon")
        panel.locator("input[type=file]").set_input_files(icon)
        panel.get_by_role("button", name="Add").click()
        assert panel.get_by_label("In one line").input_value() == "Write it down."
        assert panel.locator("img").count() == 1
        if scripts:
            assert panel.locator("img").evaluate(LOADED)
            assert violations(page, axe) == []
        panel.get_by_label("What is new").fill("Starts faster.")
        panel.get_by_role("button", name="Save what is new").click()
        assert panel.get_by_label("What is new").input_value() == "Starts faster."
    assert all("422" in complaint for complaint in visit.complaints)


def test_a_page_is_submitted_as_an_app(world: World, axe: str, tmp_path: Path) -> None:
    icon, bundle = tmp_path / "icon.png", tmp_path / "roster.zip"
    icon.write_bytes(png(192, 192))
    bundle.write_bytes(zipped(index__html="<h1>Roster</h1>"))
    visit = world.visit("publisher")
    with visit as page:
        visit.open("/apps")
        page.get_by_role("link", name="Submit a web app").click()
        page.get_by_label("Package").fill("city.riverside.roster")
        page.get_by_label("Name", exact=True).fill("Duty roster")
        page.locator("#address").fill("http://roster.riverside.example/")
        page.get_by_label("Version", exact=True).fill("1.0")
        page.get_by_label("Icon").set_input_files(icon)
        page.get_by_role("button", name="Submit").click()
        assert "release_rejected" in page.get_by_role("alert").inner_text()
        page.locator("#address").fill("https://roster.riverside.example/")
        page.get_by_label("Icon").set_input_files(icon)
        page.get_by_label("Bundle").set_input_files(bundle)
        page.get_by_label("Incidents and tasks").check()
        page.get_by_role("button", name="Submit").click()
        page.get_by_text("It waits for an approver.").wait_for()
        assert "https://roster.riverside.example/" in page.locator("main").inner_text()
        assert violations(page, axe) == []
    assert all("422" in complaint for complaint in visit.complaints)
