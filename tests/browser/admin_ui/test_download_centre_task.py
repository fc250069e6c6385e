"""A publisher puts a handbook on the shelf; somebody fetches it with a phone that runs no scripts."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.admin_ui.conftest import World
from tests.browser.admin_ui.test_every_page import violations

PDF = b"%PDF-1.7\nhow we walk a beat\n%%EOF\n"
PHONE = {"width": 360, "height": 740}


def test_a_handbook_is_published_and_fetched_on_a_phone_without_scripts(
    world: World, axe: str
) -> None:
    visit = world.visit("publisher")
    with visit as page:
        visit.open("/files")
        page.get_by_role("link", name="New file").first.click()
        assert violations(page, axe) == []
        page.get_by_label("Short name").fill("Patrol Handbook")
        page.get_by_label("Title", exact=True).fill("Patrol handbook")
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_text("Small letters, digits and hyphens.")).to_be_visible()
        page.get_by_label("Short name").fill("patrol-handbook")
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Patrol handbook")
        upload = {"name": "handbook.exe", "mimeType": "application/pdf", "buffer": PDF}
        page.get_by_label("The file").set_input_files(upload)
        page.get_by_role("button", name="Upload").click()
        expect(page.get_by_role("alert")).to_contain_text("not what its name says")
        page.get_by_label("The file").set_input_files(upload | {"name": "handbook.pdf"})
        page.get_by_role("button", name="Upload").click()
        expect(page.get_by_text("The new version is on the shelf.")).to_be_visible()
        assert violations(page, axe) == []
        page.get_by_role("button", name="Withdraw version 1").click()
        assert violations(page, axe) == []
        assert all("422" in said for said in visit.complaints)
    phone = world.visit("supervisor", viewport=PHONE, java_script_enabled=False)
    with phone as page:
        phone.open("/shelf")
        with page.expect_download() as told:
            page.get_by_role("link", name="handbook.pdf").click()
        assert told.value.suggested_filename == "handbook.pdf"
        assert Path(told.value.path()).read_bytes() == PDF
        link = page.get_by_role("link", name="handbook.pdf").bounding_box()
        assert link is not None
        assert link["height"] >= 44
        assert link["x"] + link["width"] <= PHONE["width"]
