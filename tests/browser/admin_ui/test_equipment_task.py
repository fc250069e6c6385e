"""A device admin's book of equipment: in by file, out by the officer's PIN, counted by scanner."""

from playwright.sync_api import FilePayload, expect

from tests.browser.admin_ui.conftest import World

BOUGHT = ("QX-7001", "QX-7002")


def test_equipment_comes_in_by_file_goes_out_by_pin_and_is_counted(world: World) -> None:
    officer = world.city.force.leads.first_officer
    rows = ["serial,model,unit", *(f"{serial},XCover 7,{officer.unit}" for serial in BOUGHT)]
    visit = world.visit("device_admin_a")
    with visit as page:
        visit.open()
        page.get_by_role("link", name="Equipment").click()
        page.get_by_role("link", name="Import CSV").first.click()
        file = FilePayload(name="new.csv", mimeType="text/csv", buffer="\n".join(rows).encode())
        page.get_by_label("CSV file").set_input_files(files=[file])
        page.get_by_role("button", name="Import").click()
        expect(page.get_by_text("2 new, 0 changed, 0 as they were, 0 refused.")).to_be_visible()

        page.get_by_role("link", name="Equipment").first.click()
        page.get_by_role("link", name=BOUGHT[0], exact=True).click()
        page.get_by_role("button", name="Issue", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Officer number").fill(officer.number)
        dialog.get_by_role("button", name="Offer it").click()
        page.get_by_role("button", name="Sign here with the PIN").click()
        dialog.get_by_label("Officer number").fill(officer.number)
        dialog.get_by_label("PIN").fill(world.secrets[officer.number].pin)
        dialog.get_by_role("button", name="Sign", exact=True).click()
        holders = page.get_by_role("group", name="Holders")
        expect(holders.get_by_role("row", name=officer.number)).to_contain_text(
            "signed at the counter"
        )

        visit.open("/equipment/stock-takes")
        page.get_by_role("button", name="Begin").click()
        dialog.get_by_label("Unit").select_option(value=officer.unit)
        dialog.get_by_role("button", name="Begin").click()
        expect(page.get_by_label("Serial number")).to_be_focused()
        page.keyboard.type(BOUGHT[1].lower())
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").get_by_text("Present")).to_be_visible()
        expect(page.get_by_label("Serial number")).to_be_focused()
        page.get_by_role("button", name="Close", exact=True).click()
        dialog.get_by_role("button", name="Close", exact=True).last.click()
        missing = page.get_by_role("region", name="Missing")
        expect(missing.get_by_role("link", name=BOUGHT[0])).to_be_visible()
        expect(missing.get_by_role("link", name=BOUGHT[1])).to_have_count(0)
        assert visit.complaints == []
